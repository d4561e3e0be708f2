import {type Output, printable} from '@apkg/command-kit'
import {tableOrBlocks} from '@apkg/command-kit/table'

import type {Token} from '../../account/token/token.js'
import {day} from '../day.js'
import {expiryFromNow} from './expiry.js'

const titles = ['LABEL', 'ID', 'PREFIX', 'SCOPES', 'PACKAGES', 'CREATED', 'LAST USED', 'EXPIRES', 'STATUS', 'NOTE']

/** Columns that a terminal shows only if a token differs from this. */
const usual: Record<string, string> = {STATUS: 'active', NOTE: '-'}

/**
 * The tokens: with dates, in a table or blocks, on a terminal; elsewhere one per line, with full times and tabs between
 * fields.
 */
export function tokenList(
  tokens: readonly Token[],
  screen: Pick<Output, 'isTerminal' | 'hasColors' | 'columns'>,
  now: Date,
): string {
  const rows = tokens.map((token) => [
    ...fields(token, screen.isTerminal ? day : (text) => text).map(printable),
    screen.isTerminal ? expiryFromNow(token.expiresAt, screen, now) : printable(token.expiresAt ?? 'never'),
    token.status,
    printable(token.note ?? '-'),
  ])
  const isShown = (title: string, column: number) =>
    !screen.isTerminal || rows.some((row) => row[column] !== usual[title])
  const only = (row: readonly string[]) => row.filter((_, column) => isShown(titles[column] ?? '', column))
  return tableOrBlocks(only(titles), rows.map(only), screen)
}

/** @returns undefined if no token is suspended. */
export function suspensionWarning(tokens: readonly Token[]): string | undefined {
  const labels = tokens.filter(({status}) => status === 'suspended').map(({label}) => `"${printable(label)}"`)
  if (labels.length === 0) return undefined
  const subject = labels.length === 1 ? 'This token was' : 'These tokens were'
  return `${subject} suspended by the registry operator: ${labels.join(', ')}`
}

function fields({label, id, prefix, scopes, packages, createdAt, lastUsedAt}: Token, time: (text: string) => string) {
  const lists = [scopes.join(','), packages.length > 0 ? packages.join(',') : '*']
  return [label, id, prefix ?? '-', ...lists, time(createdAt), lastUsedAt ? time(lastUsedAt) : 'never']
}
