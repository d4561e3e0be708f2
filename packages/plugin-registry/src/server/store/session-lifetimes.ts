/** The lifetimes of sessions, in milliseconds. */
export interface SessionLifetimes {
  access: number
  refresh: number
  /** The longest lifetime of a session, regardless of refreshes. */
  absolute: number
  /**
   * How long a used refresh token is accepted again if its successor is unused, because the response may have been
   * lost.
   */
  grace: number
}

const hour = 3_600_000
const day = 24 * hour

export const defaultSessionLifetimes: SessionLifetimes = {
  access: 12 * hour,
  refresh: 30 * 24 * hour,
  absolute: 90 * 24 * hour,
  grace: 60_000,
}

/** The lifetimes of a browser's session, which is never refreshed. `webIdleTime` also limits it. */
export const webLifetimes: SessionLifetimes = {access: 14 * day, refresh: 14 * day, absolute: 14 * day, grace: 0}

/** How long a browser's session is valid without a use, in milliseconds. */
export const webIdleTime = 12 * hour

/** Returns when a browser's session expires, unless it is used before. @param lastUsedAt or its start */
export function webExpiry(end: number, lastUsedAt: number): number {
  return Math.min(end, lastUsedAt + webIdleTime)
}

/** Returns when tokens that are issued now expire, for a session that started at `startedAt`. */
export function sessionExpiry(startedAt: number, lifetimes: SessionLifetimes, now: number) {
  const end = startedAt + lifetimes.absolute
  return {access: Math.min(now + lifetimes.access, end), refresh: Math.min(now + lifetimes.refresh, end)}
}
