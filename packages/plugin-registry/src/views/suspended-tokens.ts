import {printable} from '@apkg/command-kit'
import {table} from '@apkg/command-kit/table'

import type {SuspendedTokenSummary} from '../operator/suspended-tokens.js'

/** A row per token: user, label, id, when it was suspended. */
export function suspendedTokens(tokens: readonly SuspendedTokenSummary[], screen: {isTerminal: boolean}): string {
  const rows = tokens.map(({user, label, id, suspendedAt}) =>
    [user, label, id, screen.isTerminal ? suspendedAt.slice(0, 10) : suspendedAt].map(printable),
  )
  return table(['USER', 'LABEL', 'ID', 'SUSPENDED'], rows, screen)
}
