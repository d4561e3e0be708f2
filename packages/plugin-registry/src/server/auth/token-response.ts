import {joinPatterns, neverExpiresAt} from '@apkg/wire'
import {releaseResponse} from './release-response.js'
import type {Token, TokenDetails} from '../http/openapi/index.js'
import type {OldValue, Suspension, TokenDetails as StoredDetails, TokenRecord} from '../store/store.js'

/** The state of a token with its first value, which was never used, suspended or revoked. */
export const newTokenState = {
  generation: 1,
  rotatedAt: null,
  valueEndsAt: null,
  lastUsedAt: null,
  lastUse: null,
  suspensions: [],
  revokedAt: null,
  revokedBy: null,
} satisfies Partial<TokenRecord>

/**
 * A token in the form that clients receive. The original client requires a string in `expiresAt`, so a token that never
 * expires has a date far in the future there, and null in `expires`.
 */
export function tokenResponse(token: TokenRecord, now: Date): Token {
  const expires = timeOf(token.expiresAt)
  return {
    id: token.id,
    name: token.label,
    prefix: token.prefix,
    scopes: token.scopes,
    ...(token.patterns.length > 0 ? {packageScope: joinPatterns(token.patterns)} : {}),
    packagePatterns: token.patterns,
    addresses: token.addresses,
    uses: token.uses?.total ?? null,
    usesLeft: token.uses?.left ?? null,
    release: releaseResponse(token.release),
    organization: token.organization?.name ?? null,
    createdBy: token.createdBy,
    expiresIn: token.lifetime,
    expiresAt: expires ?? neverExpiresAt,
    expires,
    createdAt: new Date(token.createdAt).toISOString(),
    ...(token.rotatedAt !== null && {rotatedAt: timeOf(token.rotatedAt)}),
    generation: token.generation,
    lastUsed: timeOf(token.lastUsedAt),
    lastUse: token.lastUse,
    note: token.note,
    status: statusOf(token, now.getTime()),
    valueEndedAt: valueEndOf(token, now.getTime()),
    ...(token.suspensions.length > 0 && suspensionFields(token.suspensions)),
    revokedAt: timeOf(token.revokedAt),
    revokedBy: token.revokedBy,
  }
}

/** A token with the details of its values. */
export function tokenDetailsResponse(token: StoredDetails, now: Date): TokenDetails {
  const {oldValue} = token
  return {...tokenResponse(token, now), oldValue: oldValue && oldValueResponse(oldValue, now)}
}

/** A value that a rotation replaced. */
export function oldValueResponse(oldValue: OldValue, now: Date): NonNullable<TokenDetails['oldValue']> {
  return {
    prefix: oldValue.prefix,
    endsAt: timeOf(endOf(oldValue, now.getTime())),
    lastUsed: timeOf(oldValue.lastUsedAt),
    lastUse: oldValue.lastUse,
  }
}

/** When the old value ends. Until the new one is used, that's only its expiry. */
function endOf({retiresAt, expiresAt}: OldValue, now: number): number | null {
  if (expiresAt === null) return retiresAt
  if (retiresAt === null) return expiresAt <= now ? expiresAt : null
  return Math.min(retiresAt, expiresAt)
}

function timeOf<Time extends number | null>(time: Time): Time extends null ? null : string {
  return (time === null ? null : new Date(time).toISOString()) as Time extends null ? null : string
}

function suspensionFields(suspensions: Suspension[]): Pick<Token, 'suspendedAt' | 'suspensions'> {
  const since = Math.min(...suspensions.map(({at}) => at))
  return {suspendedAt: timeOf(since), suspensions: suspensions.map((each) => ({...each, at: timeOf(each.at)}))}
}

/** When the token's only value ended. Null if it has a working value, unless the status says otherwise. */
export function valueEndOf({valueEndsAt}: TokenRecord, now: number): string | null {
  return valueEndsAt !== null && valueEndsAt <= now ? timeOf(valueEndsAt) : null
}

export function statusOf({revokedAt, expiresAt, uses, suspensions}: TokenRecord, now: number): Token['status'] {
  if (revokedAt !== null) return 'revoked'
  if (expiresAt !== null && expiresAt <= now) return 'expired'
  if (uses?.left === 0) return 'spent'
  return suspensions.length === 0 ? 'active' : 'suspended'
}
