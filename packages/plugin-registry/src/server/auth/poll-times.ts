/** How many requests are remembered at the same time. */
const maxRequests = 10_000

/**
 * When clients last polled, so that a poll needs no write. Each process keeps its own, and losing it only lets a
 * client poll one more time.
 */
export class PollTimes {
  readonly #lastAt = new Map<string, number>()

  /** @returns whether the previous poll was less than the interval ago. @param interval in seconds */
  isTooSoon(id: string, interval: number, now: number): boolean {
    const last = this.#lastAt.get(id)
    this.#lastAt.delete(id)
    this.#lastAt.set(id, now)
    const [first] = this.#lastAt.keys()
    if (this.#lastAt.size > maxRequests && first !== undefined) this.#lastAt.delete(first)
    return last !== undefined && Math.abs(now - last) < interval * 1000
  }
}
