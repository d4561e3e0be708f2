import {Secret, TOTP} from 'otpauth'

const period = 30

/** @returns base32, 160 bits as RFC 4226 recommends */
export function createTotpSecret(): string {
  return new Secret({size: 20}).base32
}

/** The URL that an authenticator app reads from a QR code. */
export function totpUrl(secret: string, username: string, issuer: string): string {
  return new TOTP({issuer, label: username, secret, period}).toString()
}

/**
 * Finds the time step of a code among the current step and its two neighbors.
 *
 * The caller must accept each step only once, and no earlier step after it.
 */
export function matchTotp(secret: string, code: string, now: number): number | undefined {
  const delta = new TOTP({secret, period}).validate({token: code, timestamp: now, window: 1})
  return delta === null ? undefined : Math.floor(now / 1000 / period) + delta
}
