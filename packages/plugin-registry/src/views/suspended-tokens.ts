import {printable, timesOn, type Screen} from '@apkg/command-kit'
import {table} from '@apkg/command-kit/table'

import type {SuspendedTokenSummary} from '../operator/suspended-tokens.js'
import {holderOf} from './owned-tokens.js'

/** A row per token: owner, label, id, when it was suspended. */
export function suspendedTokens(tokens: readonly SuspendedTokenSummary[], screen: Screen, now: Date): string {
  const time = timesOn(screen, now)
  const rows = tokens.map((token) => {
    const {label, id, suspendedAt} = token
    return [holderOf(token), label, id, time(suspendedAt)].map(printable)
  })
  return table(['OWNER', 'LABEL', 'ID', 'SUSPENDED'], rows, screen, ['SUSPENDED'])
}
