import {printable, timesOn, type Screen} from '@apkg/command-kit'
import {table} from '@apkg/command-kit/table'

import type {AuditEntry} from '../operator/audit-entry.js'

/**
 * The audit log: a table on a terminal, otherwise one entry per line with tab-separated fields: time, actor, action,
 * address, target, name of the target, credential, agent and details (JSON).
 */
export function auditLog(entries: readonly AuditEntry[], screen: Screen, now: Date): string {
  const time = timesOn(screen, now)
  const rows = entries.map((entry) => (screen.isTerminal ? columns(entry, time) : fields(entry)).map(printable))
  return table(['TIME', 'USER', 'ACTION', 'ADDRESS', 'DETAILS'], rows, screen, ['ADDRESS', 'DETAILS'])
}

function fields({at, actor, action, address, target, targetName, credential, agent, detail}: AuditEntry): string[] {
  const texts = [actor, action, address, target, targetName, credential, agent].map((text) => text ?? '-')
  return [at, ...texts, JSON.stringify(detail)]
}

function columns(
  {at, actor, action, address, target, targetName, detail}: AuditEntry,
  time: (text: string) => string,
): string[] {
  const details = Object.entries(detail).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return [time(at), actor ?? '-', action, address ?? '-', [targetName ?? target ?? '', ...details].join(' ').trim()]
}
