import {printable} from '@apkg/command-kit'
import stringWidth from 'fast-string-width'

import type {Token} from '../../account/token/token.js'

interface Screen {
  isTerminal: boolean
  columns: number
}

/**
 * The live tokens: on a terminal a table, or a block a token where the table would not fit; anywhere else a line a
 * token, its fields separated by tabs (label, id, prefix, scopes, packages, created, last used, expires).
 *
 * Not made by `table.ts`: what commands share lies in files of its own in a release, and this one starts in the fewest.
 */
export function tokenList(tokens: readonly Token[], {isTerminal, columns}: Screen): string {
  if (!isTerminal) return tokens.map((token) => `${fields(token, (time) => time).join('\t')}\n`).join('')
  if (tokens.length === 0) return ''
  const rows = tokens.map((token) => fields(token, day))
  const table = [titles, ...rows].map((row) => row.map(String))
  const widths = titles.map((_, column) => Math.max(...table.map((row) => stringWidth(row[column] ?? ''))))
  const width = widths.reduce((sum, each) => sum + each + gap.length, -gap.length)
  if (width > columns) return rows.map(block).join('\n')
  return table
    .map(
      (row) =>
        `${row
          .map((cell, column) => pad(cell, widths[column] ?? 0))
          .join(gap)
          .trimEnd()}\n`,
    )
    .join('')
}

/** What is said of tokens that are refused as they are; undefined where there is none. */
export function suspendedTokens(tokens: readonly Token[]): string | undefined {
  const labels = tokens.filter(({suspendedAt}) => suspendedAt !== undefined).map(({label}) => printable(label))
  if (labels.length === 0) return undefined
  const them = labels.length === 1 ? 'it' : 'them'
  return `Suspended, and refused until the operator of the registry resumes ${them}: ${labels.join(', ')}`
}

const titles = ['LABEL', 'ID', 'PREFIX', 'SCOPES', 'PACKAGES', 'CREATED', 'LAST USED', 'EXPIRES']

const gap = '  '

function fields(token: Token, time: (text: string) => string): string[] {
  const {label, id, prefix, scopes, packages, createdAt, lastUsedAt, expiresAt} = token
  const lists = [scopes.join(','), packages.length > 0 ? packages.join(',') : '*']
  const times = [time(createdAt), lastUsedAt ? time(lastUsedAt) : 'never', expiresAt ? time(expiresAt) : 'never']
  return [label, id, prefix ?? '-', ...lists, ...times].map(printable)
}

function block([label = '', ...rest]: string[]): string {
  const lines = rest.map((value, index) => `  ${(titles[index + 1] ?? '').toLowerCase().padEnd(10)}  ${value}\n`)
  return `${label}\n${lines.join('')}`
}

/** The date of an RFC 3339 time, or the text as it is where a registry sends something else. */
function day(time: string): string {
  return /^\d{4}-\d\d-\d\dT/.test(time) ? time.slice(0, 10) : time
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(width - stringWidth(cell))
}
