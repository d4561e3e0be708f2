import {statusOf} from '../server/auth/token-response.js'
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
  /** Package patterns that the token is limited to; empty means every package. */
  packages: string[]
  /** What the token is for; null without a note. */
  note: string | null
  /** Only `active` tokens work. */
  status: 'active' | 'suspended' | 'spent' | 'expired' | 'revoked'
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
  const {id, label, createdBy: user, organization, prefix, scopes, patterns, note, suspensions} = token
  return {
    ...{id, label, user, organization: organization?.name ?? null, prefix, scopes, packages: patterns, note},
    status: statusOf(token, now.getTime()),
    createdAt: new Date(token.createdAt).toISOString(),
    lastUsedAt: timeOf(token.lastUsedAt),
    lastUsedFrom: token.lastUse?.address ?? null,
    expiresAt: timeOf(token.expiresAt),
    suspensions: suspensions.map((each) => ({...each, at: new Date(each.at).toISOString()})),
    revokedAt: timeOf(token.revokedAt),
  }
}

function timeOf(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString()
}
