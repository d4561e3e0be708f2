import {joinPatterns, neverExpiresAt} from '@apkg/wire'
import type {Token} from '../http/openapi/index.js'
import type {TokenRecord} from '../store/store.js'

/**
 * A token, as clients get it. The original client requires a string in `expiresAt`, so a token that never expires has a
 * date far in the future there, and null in `expires`.
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
    expiresIn: token.lifetime,
    expiresAt: expires ?? neverExpiresAt,
    expires,
    createdAt: new Date(token.createdAt).toISOString(),
    ...(token.rotatedAt !== null && {rotatedAt: timeOf(token.rotatedAt)}),
    lastUsed: timeOf(token.lastUsedAt),
    lastUse: token.lastUse,
    note: token.note,
    status: statusOf(token, now.getTime()),
    ...(token.suspendedAt !== null && {suspendedAt: timeOf(token.suspendedAt)}),
    revokedAt: timeOf(token.revokedAt),
    revokedBy: token.revokedBy,
  }
}

function timeOf<Time extends number | null>(time: Time): Time extends null ? null : string {
  return (time === null ? null : new Date(time).toISOString()) as Time extends null ? null : string
}

function statusOf({revokedAt, expiresAt, suspendedAt}: TokenRecord, now: number): Token['status'] {
  if (revokedAt !== null) return 'revoked'
  if (expiresAt !== null && expiresAt <= now) return 'expired'
  return suspendedAt === null ? 'active' : 'suspended'
}
