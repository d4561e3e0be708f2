/** How long the parts of a session live, in milliseconds. */
export interface SessionLifetimes {
  access: number
  refresh: number
  /** From the login, whatever is refreshed in between. */
  absolute: number
  /** How long a used refresh token is answered anew while its successor is unused: the answer may have been lost. */
  grace: number
}

const hour = 3_600_000

export const defaultSessionLifetimes: SessionLifetimes = {
  access: 12 * hour,
  refresh: 30 * 24 * hour,
  absolute: 90 * 24 * hour,
  grace: 60_000,
}

/** When the access and refresh tokens handed out now expire, for a session begun at `startedAt`. */
export function sessionExpiry(startedAt: number, lifetimes: SessionLifetimes, now: number) {
  const end = startedAt + lifetimes.absolute
  return {access: Math.min(now + lifetimes.access, end), refresh: Math.min(now + lifetimes.refresh, end)}
}
