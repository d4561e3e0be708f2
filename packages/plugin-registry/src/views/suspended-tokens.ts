import {printable} from '@apkg/command-kit'

import type {SuspendedTokenSummary} from '../operator/suspended-tokens.js'

/** A line a token, its fields separated by tabs: user, label, id, when it was suspended. */
export function suspendedTokens(tokens: readonly SuspendedTokenSummary[]): string {
  return tokens
    .map(({user, label, id, suspendedAt}) => `${[user, label, id, suspendedAt].map(printable).join('\t')}\n`)
    .join('')
}
