import {joinPatterns, neverExpiresAt} from '@apkg/wire'
import type {Token} from '../http/openapi/index.js'
import type {TokenRecord} from '../store/store.js'

/**
 * A token, as clients get it. The original client requires a string in `expiresAt`, so a token that never expires has a
 * date far in the future there, and null in `expires`.
 */
export function tokenResponse(token: TokenRecord): Token {
  const expires = token.expiresAt === null ? null : new Date(token.expiresAt).toISOString()
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
    ...(token.rotatedAt !== null && {rotatedAt: new Date(token.rotatedAt).toISOString()}),
    lastUsed: token.lastUsedAt === null ? null : new Date(token.lastUsedAt).toISOString(),
    ...(token.suspendedAt !== null && {suspendedAt: new Date(token.suspendedAt).toISOString()}),
  }
}
