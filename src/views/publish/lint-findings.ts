import path from 'node:path'

import {printable, type Screen} from '@apkg/command-kit'
import {wrapText} from '@apkg/command-kit/wrap'

import type {LintResult} from '../../publish/lint/lint-folder.js'
import {counted} from '../counted.js'

/** The findings, one per line, with paths as seen from a directory. A terminal wraps them by words. @param cwd absolute. */
export function findingLines({directory, findings}: LintResult, cwd: string, screen: Screen): string {
  const width = screen.isTerminal ? (screen.columns ?? Infinity) : Infinity
  return findings
    .map(({path: file, line, column, severity, message, rule}) => {
      const shown = path.relative(cwd, path.join(directory, file))
      return `${wrapText(`${printable(shown)}:${line}:${column}: ${severity}: ${message} (${rule})`, width)}\n`
    })
    .join('')
}

/** The totals. */
export function lintNote({totals: {errors, warnings, notes}}: LintResult): string {
  const parts = [
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
    ...(notes > 0 ? [counted(notes, 'note')] : []),
  ]
  return parts.length === 0 ? 'No problems found' : `Found ${parts.join(', ')}`
}
