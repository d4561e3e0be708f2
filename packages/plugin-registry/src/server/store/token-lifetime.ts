import {expiryOf, parseLifetime} from '@apkg/wire'

/** Returns when a token with a lifetime such as `30d` expires, or null if it never does. */
export function expiryAt(lifetime: string, now: number): number | null {
  const parsed = parseLifetime(lifetime)
  if (!parsed) throw new RangeError(`unreadable lifetime: ${lifetime}`)
  return expiryOf(parsed, new Date(now))?.getTime() ?? null
}

/** Whether a lifetime is at most as long as a finite one. */
export function isWithinLifetime(lifetime: string, longest: string): boolean {
  return isWithin(expiryAt(lifetime, 0), longest, 0)
}

/** Whether the expiry of a token that is created now is within the longest lifetime. */
export function isWithin(expiresAt: number | null, longest: string, now: number): boolean {
  const limit = expiryAt(longest, now)
  return limit === null || (expiresAt !== null && expiresAt <= limit)
}
