import {printable} from '@apkg/command-kit'

import type {Token} from '../token/token.js'
import {tableOrBlocks} from './table.js'

interface Screen {
  isTerminal: boolean
  columns: number
}

/**
 * The live tokens: on a terminal a table, or a block a token where the table would not fit; anywhere else a line a
 * token, its fields separated by tabs (label, id, prefix, scopes, packages, created, last used, expires).
 */
export function tokenList(tokens: readonly Token[], screen: Screen): string {
  const time = screen.isTerminal ? day : (text: string) => text
  return tableOrBlocks(
    titles,
    tokens.map((token) => fields(token, time)),
    screen,
  )
}

const titles = ['LABEL', 'ID', 'PREFIX', 'SCOPES', 'PACKAGES', 'CREATED', 'LAST USED', 'EXPIRES']

function fields(token: Token, time: (text: string) => string): string[] {
  const {label, id, prefix, scopes, packages, createdAt, lastUsedAt, expiresAt} = token
  const lists = [scopes.join(','), packages.length > 0 ? packages.join(',') : '*']
  const times = [time(createdAt), lastUsedAt ? time(lastUsedAt) : 'never', expiresAt ? time(expiresAt) : 'never']
  return [label, id, prefix ?? '-', ...lists, ...times].map(printable)
}

/** The date of an RFC 3339 time, or the text as it is where a registry sends something else. */
function day(time: string): string {
  return /^\d{4}-\d\d-\d\dT/.test(time) ? time.slice(0, 10) : time
}
