import {expiryOf, formatLifetime, type Lifetime, maxLifetime} from '@apkg/wire'

import {expiryAt} from './token-lifetime.js'

/** How long a value is valid. */
export interface Validity {
  /** The requested lifetime, such as `30d`. */
  lifetime: string
  /** Null if it never expires. */
  expiresAt: number | null
}

/** A value to replace. Times are in milliseconds since 1970. */
interface Replaced extends Validity {
  createdAt: number
}

/** Returns when a value with the requested lifetime expires if it is created now. */
export function requestedValidity(requested: Lifetime, now: number): Validity {
  return {lifetime: formatLifetime(requested), expiresAt: expiryOf(requested, new Date(now))?.getTime() ?? null}
}

/** @param lifetime such as `90d`. */
export function lifetimeValidity(lifetime: string, now: number): Validity {
  return {lifetime, expiresAt: expiryAt(lifetime, now)}
}

/** Renews the lifetime, starting now. A value that expires on a date gets as much time as it had at first. */
export function sameValidity({lifetime, createdAt, expiresAt}: Replaced, now: number): Validity {
  if (expiresAt === null) return {lifetime, expiresAt: null}
  const duration = Math.min(expiresAt - createdAt, maxLifetime)
  const isDate = /^\d{4}-/.test(lifetime)
  const instant = new Date(now + duration)
  return {lifetime: isDate ? formatLifetime({kind: 'until', instant}) : lifetime, expiresAt: instant.getTime()}
}

/** Whether a value would be valid for longer than the one that it replaces. */
export function isLonger({expiresAt}: Validity, replaced: Replaced, now: number): boolean {
  const same = sameValidity(replaced, now).expiresAt
  return same !== null && (expiresAt === null || expiresAt > same)
}
