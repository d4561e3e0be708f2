import {type Ports, failure as usage} from '@apkg/command-kit'
import {inspectTokenValue} from '@apkg/wire'

import {hashSecret} from '../server/auth/credential-values.js'
import type {RegistryStore} from '../server/store/store.js'
import {failure} from './failures.js'
import {type OwnedTokenSummary, ownedTokenSummary} from './owned-token.js'

/** The token that a value belongs to. */
export interface IdentifiedTokenSummary extends OwnedTokenSummary {
  /** Whether the owner is disabled, which means that the token doesn't work. */
  isOwnerDisabled: boolean
  /**
   * `current`: the current value of the token. `replaced`: an old value, which works until `valueEndsAt`. `ended`: an
   * old value that no longer works.
   */
  value: 'current' | 'replaced' | 'ended'
  /**
   * When a replaced value stops or stopped working; null for the current one.
   *
   * @format date-time
   */
  valueEndsAt: string | null
}

/**
 * Reads a value from standard input, and hashes it here. It is neither sent nor printed.
 *
 * @throws {ApkgError} `USAGE` for anything but the value of a token
 */
export async function readValueHash({stdin}: Pick<Ports, 'stdin'>): Promise<Uint8Array> {
  const value = (await stdin.readAll('the value of a token')).trim()
  const inspected = inspectTokenValue(value)
  if (inspected.state === 'intact' && inspected.kind === 'token') return hashSecret(value)
  const message = 'Standard input is not the complete value of one API token'
  throw usage('USAGE', {message, suggestions: ['pipe a value that starts with apkgt_ into the command']})
}

/** @throws {ApkgError} `VALUE_UNKNOWN` */
export async function identifyToken(
  store: RegistryStore,
  hash: Uint8Array,
  now: Date,
): Promise<IdentifiedTokenSummary> {
  const token = await store.tokens.findByHash(hash)
  if (!token) throw failure('VALUE_UNKNOWN')
  const {isCurrent, isDisplaced, endsAt, expiresAt} = token.value
  const isPast = (time: number | null) => time !== null && time <= now.getTime()
  const isEnded = isDisplaced || isPast(endsAt) || isPast(expiresAt)
  return {
    ...ownedTokenSummary(token, now),
    isOwnerDisabled: token.isOwnerDisabled,
    value: isEnded ? 'ended' : isCurrent ? 'current' : 'replaced',
    // A later rotation can have ended it before.
    valueEndsAt: endsAt === null || (isDisplaced && !isPast(endsAt)) ? null : new Date(endsAt).toISOString(),
  }
}
