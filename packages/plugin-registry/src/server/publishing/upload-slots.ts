import {Refusal} from '../http/refusal.js'

/** How many uploads can run at once. */
export interface UploadSlotLimits {
  perUser: number
  total: number
}

/** Limits concurrent uploads. */
export class UploadSlots {
  readonly #users = new Map<string, number>()
  #total = 0

  constructor(private readonly limits: UploadSlotLimits) {}

  get running(): number {
    return this.#total
  }

  /** Uploads beyond the limit are refused. */
  readonly waiting = 0

  /**
   * @param user the user's id.
   * @returns a function that releases the slot. Call it once.
   * @throws {Refusal} BUSY, TOO_MANY_ATTEMPTS
   */
  take(user: string): () => void {
    const {perUser, total} = this.limits
    const headers = {'retry-after': '1'}
    const own = this.#users.get(user) ?? 0
    if (own >= perUser) {
      const message = `You are already publishing ${perUser} packages`
      throw new Refusal('TOO_MANY_ATTEMPTS', {message, headers})
    }
    if (this.#total >= total) {
      throw new Refusal('BUSY', {message: 'Too many packages are being published', headers})
    }
    this.#users.set(user, own + 1)
    this.#total++
    return () => {
      this.#total--
      const left = (this.#users.get(user) ?? 0) - 1
      if (left > 0) this.#users.set(user, left)
      else this.#users.delete(user)
    }
  }
}
