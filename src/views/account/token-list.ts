import {printable, type Screen} from '@apkg/command-kit'
import {tableOrBlocks} from '@apkg/command-kit/table'

import type {Token} from '../../account/token/token.js'
import {day} from '../day.js'

const titles = ['LABEL', 'ID', 'PREFIX', 'SCOPES', 'PACKAGES', 'CREATED', 'LAST USED', 'EXPIRES']

/**
 * The tokens: with dates, in a table or blocks, on a terminal; elsewhere one per line, with full times and tabs between
 * fields.
 */
export function tokenList(tokens: readonly Token[], screen: Screen): string {
  const time = screen.isTerminal ? day : (text: string) => text
  return tableOrBlocks(
    titles,
    tokens.map((token) => fields(token, time)),
    screen,
  )
}

/** @returns undefined if no token is suspended. */
export function suspensionWarning(tokens: readonly Token[]): string | undefined {
  const labels = tokens.filter(({suspendedAt}) => suspendedAt !== undefined).map(({label}) => `"${printable(label)}"`)
  if (labels.length === 0) return undefined
  const subject = labels.length === 1 ? 'This token was' : 'These tokens were'
  return `${subject} suspended by the registry operator: ${labels.join(', ')}`
}

function fields(token: Token, time: (text: string) => string): string[] {
  const {label, id, prefix, scopes, packages, createdAt, lastUsedAt, expiresAt} = token
  const lists = [scopes.join(','), packages.length > 0 ? packages.join(',') : '*']
  const times = [time(createdAt), lastUsedAt ? time(lastUsedAt) : 'never', expiresAt ? time(expiresAt) : 'never']
  return [label, id, prefix ?? '-', ...lists, ...times].map(printable)
}
