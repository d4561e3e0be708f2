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

export const defaultSessionLifetimes: SessionLifetimes = {
  access: 12 * hour,
  refresh: 30 * 24 * hour,
  absolute: 90 * 24 * hour,
  grace: 60_000,
}

/** Returns when tokens that are issued now expire, for a session that started at `startedAt`. */
export function sessionExpiry(startedAt: number, lifetimes: SessionLifetimes, now: number) {
  const end = startedAt + lifetimes.absolute
  return {access: Math.min(now + lifetimes.access, end), refresh: Math.min(now + lifetimes.refresh, end)}
}
