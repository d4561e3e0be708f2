/** How failed logins delay the next attempt. Times are in milliseconds. */
export interface LoginDelay {
  /** How many failures cause no delay. */
  freeFailures: number
  first: number
  max: number
  /** The count starts over if there is no failure for this long. */
  forgetAfter: number
}

export interface FailureCount {
  failures: number
  lastAt: number
}

/** A counter of failures: for an account, an address, or an account from an address. */
export interface FailureKey {
  key: string
  delay: LoginDelay
}

/**
 * Returns when the next attempt is allowed. The delay doubles with each failure up to `max`, so no account is ever
 * locked.
 */
export function nextAttemptAt(count: FailureCount | undefined, delay: LoginDelay): number {
  if (!count || count.failures < delay.freeFailures) return 0
  const doublings = Math.min(count.failures - delay.freeFailures, 30)
  return count.lastAt + Math.min(delay.first * 2 ** doublings, delay.max)
}

/** Returns the count after one more failure. */
export function countFailure(count: FailureCount | undefined, delay: LoginDelay, now: number): FailureCount {
  const remembered = count && now - count.lastAt < delay.forgetAfter ? count.failures : 0
  return {failures: remembered + 1, lastAt: now}
}
