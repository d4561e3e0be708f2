import type {FailureCount} from './store.js'

/** How repeated failures are slowed down. All in milliseconds but `free`. */
export interface SlowDown {
  /** Failures that cost nothing. */
  free: number
  first: number
  longest: number
  /** A count that rested this long starts again from nothing. */
  forgetAfter: number
}

/**
 * The earliest time of the next attempt. The wait doubles with each failure up to `longest`, so what is counted
 * is slowed and never locked.
 */
export function nextAttemptAt(count: FailureCount | undefined, slowDown: SlowDown): number {
  if (!count || count.failures < slowDown.free) return 0
  const doublings = Math.min(count.failures - slowDown.free, 30)
  return count.lastAt + Math.min(slowDown.first * 2 ** doublings, slowDown.longest)
}

/** The count after one more failure. */
export function countFailure(count: FailureCount | undefined, slowDown: SlowDown, now: number): FailureCount {
  const remembered = count && now - count.lastAt < slowDown.forgetAfter ? count.failures : 0
  return {failures: remembered + 1, lastAt: now}
}
