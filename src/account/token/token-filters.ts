import {isIP, type BlockList} from 'node:net'

import type {RegistryClient} from '@apkg/command-kit'

import {listTokens} from './list-tokens.js'
import type {Token, TokenStatus} from './token.js'

/** What tokens have to be. A token matches if everything that is given does. */
export interface TokenFilters {
  /** By default, tokens match that are not over. */
  status?: TokenStatus
  /** Expires before this time. */
  expiresBefore?: Date
  neverExpires?: boolean
  /** Last used before this time, or created before it and never used. */
  unusedSince?: Date
  createdBefore?: Date
  /** Contains the address of the last use. */
  lastUsedFrom?: BlockList
}

/** Whether a token has expired, or was revoked or used up, so that it never works again. */
export function isOver({status}: Pick<Token, 'status'>): boolean {
  return status === 'expired' || status === 'revoked' || status === 'spent'
}

/**
 * The user's tokens that match.
 *
 * @throws {ApkgError} `NOT_OFFERED` if the registry doesn't report what the filters need.
 */
export async function listMatchingTokens(client: RegistryClient, filters: TokenFilters, now: Date): Promise<Token[]> {
  const {status, lastUsedFrom} = filters
  const ended = status !== undefined && isOver({status})
  const tokens = await listTokens(client, {now, ended, addresses: lastUsedFrom !== undefined})
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
    (!lastUsedFrom || isWithin(lastUse?.address, lastUsedFrom))
  )
}

/** False for a text that isn't a time. */
function isBefore(time: string, instant: Date): boolean {
  return Date.parse(time) < instant.getTime()
}

/** Also finds IPv4 addresses that are written as IPv6 (`::ffff:203.0.113.7`). */
function isWithin(address: string | undefined, network: BlockList): boolean {
  const version = isIP(address ?? '')
  if (address === undefined || version === 0) return false
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? []
  if (mapped !== undefined) return network.check(mapped, 'ipv4') || network.check(address, 'ipv6')
  return network.check(address, version === 4 ? 'ipv4' : 'ipv6')
}
