import {printable, timesOn, type Screen} from '@apkg/command-kit'
import {table} from '@apkg/command-kit/table'

import {onSamePlace} from '../operator/on-same-place.js'
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

/**
 * @param ids the IDs that match no suspended token.
 * @param place where the data is, for the hint.
 */
export function notSuspendedTokens(ids: readonly string[], place: Parameters<typeof onSamePlace>[1]): string {
  return [
    ...ids.map((id) => printable(`Suspended token not found: ${id}`)),
    `  hint: ${onSamePlace('run `apkg registry token list --suspended`', place)}`,
  ].join('\n')
}
