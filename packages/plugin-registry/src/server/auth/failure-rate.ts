const minute = 60_000

/** Networks that are counted at once. */
const maxNetworks = 10_000

/**
 * Counts failures, or other events to limit, per network, as a bucket that holds the events of a minute and drains
 * steadily.
 */
export class FailureRate {
  /** When each network's bucket is empty again. The least recent failure comes first. */
  readonly #emptyAt = new Map<string, number>()

  /**
   * Counts a failure.
   *
   * @param perMinute how many a network may have. 0: any number.
   * @returns how long the network has to wait in milliseconds if it is over the rate; otherwise 0.
   */
  add(network: string, perMinute: number, now: number): number {
    if (perMinute === 0) return 0
    const stored = this.#emptyAt.get(network) ?? now
    // After the clock was set back, the time can be far away.
    const emptyAt = stored > now + minute ? now + minute : Math.max(stored, now)
    const next = emptyAt + minute / perMinute
    if (next > now + minute) return next - now - minute
    this.#emptyAt.delete(network)
    this.#emptyAt.set(network, next)
    if (this.#emptyAt.size > maxNetworks) this.#forget(now)
    return 0
  }

  /** Forgets the networks whose bucket is empty, or else the least recent one. */
  #forget(now: number): void {
    for (const [network, emptyAt] of this.#emptyAt) if (emptyAt <= now) this.#emptyAt.delete(network)
    const [first] = this.#emptyAt.keys()
    if (this.#emptyAt.size > maxNetworks && first !== undefined) this.#emptyAt.delete(first)
  }
}
