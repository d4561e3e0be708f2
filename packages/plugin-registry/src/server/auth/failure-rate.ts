const minute = 60_000

/** How many networks are counted at the same time. */
const maxNetworks = 10_000

/**
 * Limits failures or other events per network with a leaky bucket whose capacity is the events of one minute.
 */
export class FailureRate {
  /** When each network's bucket is empty again. The least recent failure comes first. */
  readonly #emptyAt = new Map<string, number>()

  /**
   * Counts a failure.
   *
   * @param perMinute how many a network can have. 0 means no limit.
   * @returns how long the network must wait, in milliseconds; 0 if it is within the limit
   */
  add(network: string, perMinute: number, now: number): number {
    if (perMinute === 0) return 0
    const stored = this.#emptyAt.get(network) ?? now
    // If the clock was set back, this time can be far in the future.
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
