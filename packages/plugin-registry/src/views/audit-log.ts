import {printable} from '@apkg/command-kit'

import type {AuditEntry} from '../operator/audit-entry.js'

/**
 * Columns on a terminal. Otherwise a line per entry, with tabs between time, actor, action, address, target, target's
 * name, credential, agent and detail (JSON).
 */
export function auditLog(entries: readonly AuditEntry[], {isTerminal}: {isTerminal: boolean}): string {
  if (!isTerminal) return entries.map((entry) => `${fields(entry).map(printable).join('\t')}\n`).join('')
  const rows = entries.map((entry) => columns(entry).map(printable))
  // The last column is not padded, since its text can contain characters of any width.
  const widths = [0, 1, 2, 3].map((column) => rows.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), 0))
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

function fields({at, actor, action, address, target, targetName, credential, agent, detail}: AuditEntry): string[] {
  const texts = [actor, action, address, target, targetName, credential, agent].map((text) => text ?? '-')
  return [at, ...texts, JSON.stringify(detail)]
}

function columns({at, actor, action, address, target, targetName, detail}: AuditEntry): string[] {
  const time = `${at.slice(0, 10)} ${at.slice(11, 19)}Z`
  const details = Object.entries(detail).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return [time, actor ?? '-', action, address ?? '-', [targetName ?? target ?? '', ...details].join(' ').trim()]
}
