/** How failed logins delay the next attempt. All in milliseconds except `freeFailures`. */
export interface LoginDelay {
  /** Failures that cause no delay. */
  freeFailures: number
  first: number
  max: number
  /** A count without a new failure for this long starts over. */
  forgetAfter: number
}

export interface FailureCount {
  failures: number
  lastAt: number
}

/** An account, an address, or an account from an address: failures of each are counted. */
export interface FailureKey {
  key: string
  delay: LoginDelay
}

/** The earliest time of the next attempt. The delay doubles with each failure up to `max`, so nothing is ever locked. */
export function nextAttemptAt(count: FailureCount | undefined, delay: LoginDelay): number {
  if (!count || count.failures < delay.freeFailures) return 0
  const doublings = Math.min(count.failures - delay.freeFailures, 30)
  return count.lastAt + Math.min(delay.first * 2 ** doublings, delay.max)
}

/** The count after one more failure. */
export function countFailure(count: FailureCount | undefined, delay: LoginDelay, now: number): FailureCount {
  const remembered = count && now - count.lastAt < delay.forgetAfter ? count.failures : 0
  return {failures: remembered + 1, lastAt: now}
}
