import type {RegistryClient} from '@apkg/command-kit'
import {containsAddress} from '@apkg/wire'

import {listTokens} from './list-tokens.js'
import type {Token, TokenStatus} from './token.js'

/** Filters for tokens. A token must match all of them. */
export interface TokenFilters {
  /** By default, active and suspended tokens match. */
  status?: TokenStatus
  /** Expires before this time. */
  expiresBefore?: Date
  neverExpires?: boolean
  /** Last used before this time, or created before it and never used. */
  unusedSince?: Date
  createdBefore?: Date
  /** A range in canonical form that contains the address of the last use. */
  lastUsedFrom?: string
}

/** Whose tokens to find: those of an organization, or else the user's own. */
export interface HolderQuery {
  organization?: string | undefined
  now: Date
}

/** Whether a token has expired, was revoked or is spent, so that it never works again. */
export function isOver({status}: Pick<Token, 'status'>): boolean {
  return status === 'expired' || status === 'revoked' || status === 'spent'
}

/**
 * Lists the tokens of the user or of an organization that match.
 *
 * @throws {ApkgError} `NOT_OFFERED` if the registry doesn't report what the filters need.
 */
export async function listMatchingTokens(
  client: RegistryClient,
  filters: TokenFilters,
  {organization, now}: HolderQuery,
): Promise<Token[]> {
  const {status, lastUsedFrom} = filters
  const ended = status !== undefined && isOver({status})
  const tokens = await listTokens(client, {now, ended, organization, addresses: lastUsedFrom !== undefined})
  return tokens.filter((token) => matchesFilters(token, filters))
}

export function matchesFilters(token: Token, filters: TokenFilters): boolean {
  const {status, expiresBefore, neverExpires, unusedSince, createdBefore, lastUsedFrom} = filters
  const {createdAt, lastUsedAt, expiresAt, lastUse} = token
  return (
    (status === undefined ? !isOver(token) : token.status === status) &&
    (!expiresBefore || (expiresAt !== null && isBefore(expiresAt, expiresBefore))) &&
    (!neverExpires || expiresAt === null) &&
    (!unusedSince || isBefore(lastUsedAt ?? createdAt, unusedSince)) &&
    (!createdBefore || isBefore(createdAt, createdBefore)) &&
    (lastUsedFrom === undefined || containsAddress([lastUsedFrom], lastUse?.address ?? ''))
  )
}

/** Whether a time is before another. False if the text isn't a time. */
function isBefore(time: string, instant: Date): boolean {
  return Date.parse(time) < instant.getTime()
}
