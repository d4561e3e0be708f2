import {effectiveScopes, neverExpiresAt, splitPatterns, type Scope} from '@apkg/wire'
import type {CreatedTokenResponse, TokenDetails as DetailedResponse, TokenSummary} from '@apkg/wire/protocol'

import {organizationFromWire, type Restrictions, restrictionsFromWire} from '../restrictions.js'

/** An API token, without its value. */
export interface Token extends Restrictions {
  /** The token's ID, for `apkg token revoke`. */
  id: string
  label: string
  /** The first few characters of the token's value; null if the registry doesn't report them. */
  prefix: string | null
  /** What the token is for; null without a note. */
  note: string | null
  /** The token's scopes as requested, such as `read`, `publish:new` or `admin`. Some are specific to the registry. */
  scopes: string[]
  /**
   * Package patterns that the token is limited to, such as `@acme/*`. Empty means every package that the user can access
   * or, for a token of an organization, every package in the scope of the organization.
   */
  packages: string[]
  /** The organization that the token belongs to; null if it belongs to a user. */
  organization: string | null
  /** Username of the user who created the token, or `(operator)`; null if the registry doesn't report it. */
  createdBy: string | null
  /** Only `active` tokens work, unless `valueEndedAt` is set. `spent`: it has no uses left. */
  status: TokenStatus
  /**
   * When the token's only value stopped working: after `apkg token rotate --grace 0` whose new value could not be
   * delivered. Rotate it again. Null if the token has another value, or the registry doesn't report it.
   *
   * @format date-time
   */
  valueEndedAt: string | null
  /** @format date-time */
  createdAt: string
  /**
   * When the token got its current value; null if it was never rotated.
   *
   * @format date-time
   */
  rotatedAt: string | null
  /**
   * When the token was last used, accurate to the minute; null if it has never been used.
   *
   * @format date-time
   */
  lastUsedAt: string | null
  /** What the token was last used for; null if it has never been used, or the registry doesn't report it. */
  lastUse: TokenUse | null
  /**
   * When the token expires; null if it doesn't.
   *
   * @format date-time
   */
  expiresAt: string | null
  /**
   * When the token was suspended; null if it isn't.
   *
   * @format date-time
   */
  suspendedAt: string | null
  /** Who suspended the token, oldest first; it works again once everyone has resumed it. Empty if it isn't suspended. */
  suspensions: TokenSuspension[]
  /**
   * When the token was revoked; null if it wasn't.
   *
   * @format date-time
   */
  revokedAt: string | null
  /**
   * Who revoked the token: a username, or `(operator)`; null if it wasn't revoked, someone reported its value as leaked, or
   * the registry doesn't report it.
   */
  revokedBy: string | null
  /** 1 for the first value of the token, and 1 more with each rotation; null if the registry doesn't report it. */
  generation: number | null
  /**
   * The value that the last rotation replaced; null if the token was never rotated, or the registry doesn't report it.
   * `apkg token show` and `rotate` report it, and `apkg token list` doesn't.
   */
  oldValue: OldTokenValue | null
}

export type TokenStatus = 'active' | 'suspended' | 'spent' | 'expired' | 'revoked'

/** A suspension of a token. */
export interface TokenSuspension {
  /**
   * Who can lift it: the token's `owner`, or the operator of the registry, for `operator`, `policy` and `restore` (from a
   * backup).
   */
  by: string
  /** A username, or `(operator)`; null if the registry doesn't report it. */
  name: string | null
  /** @format date-time */
  at: string
  /** Null without a comment. */
  reason: string | null
}

/** A use of a token, accurate to the minute. */
export interface TokenUse {
  /** The address that the registry saw. */
  address: string
  /** The `User-Agent` header; null without one. */
  agent: string | null
  /** The operation, such as `publishPackage`, as in the registry's OpenAPI document. */
  action: string
  /** The package; null if the request wasn't about one. */
  package: string | null
  /**
   * Whether the registry refused the request, because the token doesn't allow it; null if the registry doesn't report it.
   */
  refused: boolean | null
}

/** A value of a token that a rotation replaced. */
export interface OldTokenValue {
  /** Its first few characters. */
  prefix: string
  /**
   * When it stops working, or stopped; null until the new value is used.
   *
   * @format date-time
   */
  endsAt: string | null
  /**
   * When it was last used, accurate to the minute; null if it has never been used.
   *
   * @format date-time
   */
  lastUsedAt: string | null
  /** What it was last used for; null if it has never been used. */
  lastUse: TokenUse | null
}

/** The token to create. */
export interface TokenRequest extends Restrictions {
  label: string
  /** Whether a number may be added to the label if it already exists. */
  labelIsProposal: boolean
  scopes: readonly Scope[]
  packages: readonly string[]
  /** The organization that the token belongs to; null for the user. */
  organization: string | null
  note?: string | undefined
  /** In the protocol's format. Undefined if the user didn't set one. */
  expiresIn: string | undefined
  /**
   * The lifetime of such tokens if the user doesn't set one. By default, they don't expire, unless the registry's
   * policy says so.
   */
  usualLifetime?: string | undefined
}

/** Converts a token from the response of any registry that speaks the protocol. */
export function tokenFromWire(response: TokenSummary | CreatedTokenResponse | DetailedResponse, now: Date): Token {
  const expiresAt = expiryFromWire(response)
  return {
    id: response.id,
    label: response.name,
    prefix: response.prefix ?? null,
    note: response.note ?? null,
    scopes: [...effectiveScopes(response.scopes)],
    packages: packagesFromWire(response),
    ...restrictionsFromWire(response),
    organization: organizationFromWire(response.organization),
    createdBy: response.createdBy ?? null,
    status: statusFromWire(response, expiresAt, now),
    valueEndedAt: response.valueEndedAt ?? null,
    createdAt: response.createdAt,
    rotatedAt: response.rotatedAt ?? null,
    lastUsedAt: ('lastUsed' in response ? response.lastUsed : undefined) ?? null,
    lastUse: 'lastUse' in response ? useFromWire(response) : null,
    expiresAt,
    suspendedAt: response.suspendedAt ?? null,
    suspensions: suspensionsFromWire(response),
    revokedAt: response.revokedAt ?? null,
    revokedBy: response.revokedBy ?? null,
    generation: response.generation ?? null,
    oldValue: ('oldValue' in response ? oldValueFromWire(response.oldValue) : undefined) ?? null,
  }
}

function oldValueFromWire(oldValue: DetailedResponse['oldValue']): OldTokenValue | null {
  if (!oldValue) return null
  const {prefix, endsAt = null, lastUsed = null} = oldValue
  return {prefix, endsAt, lastUsedAt: lastUsed, lastUse: useFromWire(oldValue)}
}

function suspensionsFromWire({suspensions}: TokenSummary | CreatedTokenResponse): TokenSuspension[] {
  return (suspensions ?? []).map(({by, name = null, at, reason = null}) => ({by, name, at, reason}))
}

/** What a token, or one of its values, was last used for. */
export function useFromWire({lastUse}: Pick<TokenSummary, 'lastUse'>): TokenUse | null {
  if (!lastUse) return null
  const {address, agent = null, action, package: name = null, refused = null} = lastUse
  return {address, agent, action, package: name, refused}
}

const statuses: readonly string[] = ['active', 'suspended', 'spent', 'expired', 'revoked'] satisfies TokenStatus[]

/** A status that this version doesn't know, or that is missing, is derived from the times. */
function statusFromWire(
  {status, suspendedAt, revokedAt}: TokenSummary | CreatedTokenResponse,
  expiresAt: string | null,
  now: Date,
): TokenStatus {
  if (status && statuses.includes(status)) return status as TokenStatus
  if (revokedAt) return 'revoked'
  if (expiresAt !== null && Date.parse(expiresAt) <= now.getTime()) return 'expired'
  return suspendedAt ? 'suspended' : 'active'
}

/** If the two fields for packages differ, the token is treated as allowing whatever either of them allows. */
function packagesFromWire({packagePatterns, packageScope}: TokenSummary | CreatedTokenResponse): string[] {
  const joined = packageScope === undefined || packageScope === null ? undefined : splitPatterns(packageScope)
  const lists = [packagePatterns, joined].filter((each) => each !== undefined)
  return lists.some((each) => each.length === 0) ? [] : [...new Set(lists.flat())]
}

/**
 * Our registry has a nullable `expires`, others only `expiresAt`, with a far date for never. If the two differ, the token is
 * treated as valid until the later one.
 */
function expiryFromWire({expires, expiresIn, expiresAt}: TokenSummary | CreatedTokenResponse): string | null {
  const last = Date.parse(expiresAt) >= Date.parse(neverExpiresAt) ? null : expiresAt
  if (expires === undefined) return expiresIn === 'never' ? null : last
  if (expires === null || last === null) return null
  return Date.parse(last) > Date.parse(expires) ? last : expires
}
