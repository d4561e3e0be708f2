import {expiryOf, formatLifetime, type Lifetime, maxLifetime} from '@apkg/wire'

import {expiryAt} from './token-lifetime.js'

/** How long a value is valid. */
export interface Validity {
  /** As requested, such as `30d`. */
  lifetime: string
  /** Null: never. */
  expiresAt: number | null
}

/** A value that is replaced. Times are milliseconds since 1970. */
interface Replaced extends Validity {
  createdAt: number
}

/** @returns when a value expires that is created now with the requested lifetime. */
export function requestedValidity(requested: Lifetime, now: number): Validity {
  return {lifetime: formatLifetime(requested), expiresAt: expiryOf(requested, new Date(now))?.getTime() ?? null}
}

/** @param lifetime such as `90d`. */
export function lifetimeValidity(lifetime: string, now: number): Validity {
  return {lifetime, expiresAt: expiryAt(lifetime, now)}
}

/** @returns the same lifetime again, from now. A value that expired on a date gets as much time as it had. */
export function sameValidity({lifetime, createdAt, expiresAt}: Replaced, now: number): Validity {
  if (expiresAt === null) return {lifetime, expiresAt: null}
  const duration = Math.min(expiresAt - createdAt, maxLifetime)
  const isDate = /^\d{4}-/.test(lifetime)
  const instant = new Date(now + duration)
  return {lifetime: isDate ? formatLifetime({kind: 'until', instant}) : lifetime, expiresAt: instant.getTime()}
}

/** Whether a value would be valid for longer than the one that it replaces was. */
export function isLonger({expiresAt}: Validity, replaced: Replaced, now: number): boolean {
  const same = sameValidity(replaced, now).expiresAt
  return same !== null && (expiresAt === null || expiresAt > same)
}
