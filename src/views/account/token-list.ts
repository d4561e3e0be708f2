import {printable, type Screen} from '@apkg/command-kit'
import {tableOrBlocks} from '@apkg/command-kit/table'

import type {Token} from '../../account/token/token.js'
import {day} from '../day.js'

const titles = ['LABEL', 'ID', 'PREFIX', 'SCOPES', 'PACKAGES', 'CREATED', 'LAST USED', 'EXPIRES']

/**
 * The tokens: a table or blocks on a terminal, with dates; elsewhere one line per token, with full times and tabs between
 * the fields.
 */
export function tokenList(tokens: readonly Token[], screen: Screen): string {
  const time = screen.isTerminal ? day : (text: string) => text
  return tableOrBlocks(
    titles,
    tokens.map((token) => fields(token, time)),
    screen,
  )
}

/** A warning about suspended tokens; undefined if there are none. */
export function suspendedTokens(tokens: readonly Token[]): string | undefined {
  const labels = tokens.filter(({suspendedAt}) => suspendedAt !== undefined).map(({label}) => printable(label))
  if (labels.length === 0) return undefined
  return `Suspended until the registry's operator resumes ${labels.length === 1 ? 'it' : 'them'}: ${labels.join(', ')}`
}

function fields(token: Token, time: (text: string) => string): string[] {
  const {label, id, prefix, scopes, packages, createdAt, lastUsedAt, expiresAt} = token
  const lists = [scopes.join(','), packages.length > 0 ? packages.join(',') : '*']
  const times = [time(createdAt), lastUsedAt ? time(lastUsedAt) : 'never', expiresAt ? time(expiresAt) : 'never']
  return [label, id, prefix ?? '-', ...lists, ...times].map(printable)
}
