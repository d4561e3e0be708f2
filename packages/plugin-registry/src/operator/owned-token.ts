import {releaseResponse} from '../server/auth/release-response.js'
import {statusOf, valueEndOf} from '../server/auth/token-response.js'
import type {TokenRecord} from '../server/store/store.js'

/** A token of a user or an organization, without its value. */
export interface OwnedTokenSummary {
  id: string
  label: string
  /** Username of the owner or, for a token of an organization, of the user who created it. */
  user: string
  /** The organization that the token belongs to; null if it belongs to the user. */
  organization: string | null
  /** The first few characters of the value. */
  prefix: string
  /** The token's scopes. */
  scopes: string[]
  /**
   * Package patterns that the token is limited to. Empty means every package that the user can access or, for a token of
   * an organization, every package in the scope of the organization.
   */
  packages: string[]
  /** Ranges of addresses that the token can only be used from; null if any address is allowed. */
  addresses: string[] | null
  /** How many changes to packages the token can make; null if their number isn't limited. */
  uses: number | null
  /** How many of these changes are left; null if their number isn't limited. */
  usesLeft: number | null
  /** The only version of its package that the token can publish; null if it isn't limited to one. */
  release: {
    version: string
    /** `sha256-` followed by the base64-encoded digest of the tarball. */
    integrity: string
    /** The dist-tag. */
    tag: string
  } | null
  /** Username of the user who created the token, or `(operator)`. */
  createdBy: string
  /** What the token is for; null without a note. */
  note: string | null
  /** Only `active` tokens work, unless `valueEndedAt` is set. */
  status: 'active' | 'suspended' | 'spent' | 'expired' | 'revoked'
  /**
   * When the token's only value stopped working: after a rotation without a grace period whose new value could not be
   * delivered. Its owner can rotate it again. Null if it has another value.
   *
   * @format date-time
   */
  valueEndedAt: string | null
  /** @format date-time */
  createdAt: string
  /**
   * Null if it has never been used.
   *
   * @format date-time
   */
  lastUsedAt: string | null
  /** The address of the last use; null if the token has never been used. */
  lastUsedFrom: string | null
  /** What the token was last used for; null if it has never been used. */
  lastUse: {
    /** The address that the registry saw. */
    address: string
    /** The `User-Agent` header; null without one. */
    agent: string | null
    /** The operation, such as `publishPackage`, as in the registry's OpenAPI document. */
    action: string
    /** The package; null if the request wasn't about one. */
    package: string | null
    /** Whether the registry refused the request, because the token doesn't allow it. */
    refused: boolean
  } | null
  /**
   * Null if it doesn't expire.
   *
   * @format date-time
   */
  expiresAt: string | null
  /** Who suspended the token, oldest first. The owner, or an admin of the organization, lifts `owner`, and you lift the others. */
  suspensions: {
    by: 'owner' | 'operator' | 'policy' | 'restore'
    /** A username, or `(operator)`; null if it is unknown. */
    name: string | null
    /** @format date-time */
    at: string
    reason: string | null
  }[]
  /**
   * Null if it wasn't revoked.
   *
   * @format date-time
   */
  revokedAt: string | null
}

export function ownedTokenSummary(token: TokenRecord, now: Date): OwnedTokenSummary {
  const {id, label, user, createdBy, organization, prefix, scopes, patterns, note, suspensions} = token
  return {
    ...{id, label, user, organization: organization?.name ?? null, prefix, scopes, packages: patterns, note},
    addresses: token.addresses,
    uses: token.uses?.total ?? null,
    usesLeft: token.uses?.left ?? null,
    release: releaseResponse(token.release),
    createdBy,
    status: statusOf(token, now.getTime()),
    valueEndedAt: valueEndOf(token, now.getTime()),
    createdAt: new Date(token.createdAt).toISOString(),
    lastUsedAt: timeOf(token.lastUsedAt),
    lastUsedFrom: token.lastUse?.address ?? null,
    lastUse: token.lastUse,
    expiresAt: timeOf(token.expiresAt),
    suspensions: suspensions.map((each) => ({...each, at: new Date(each.at).toISOString()})),
    revokedAt: timeOf(token.revokedAt),
  }
}

function timeOf(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString()
}
