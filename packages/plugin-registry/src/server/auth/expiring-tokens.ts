import type {ExpiringToken as ExpiringTokenResponse} from '../http/openapi/index.js'
import type {ExpiringToken, ExpiryPeriod} from '../store/store.js'

/** How far ahead clients can warn, in milliseconds: 90 days. */
const longestWarning = 90 * 86_400_000

export function expiryPeriod(now: number): ExpiryPeriod {
  return {after: now, until: now + longestWarning}
}

export function expiringTokenResponse({id, label, createdAt, expiresAt}: ExpiringToken): ExpiringTokenResponse {
  return {id, name: label, createdAt: new Date(createdAt).toISOString(), expires: new Date(expiresAt).toISOString()}
}
