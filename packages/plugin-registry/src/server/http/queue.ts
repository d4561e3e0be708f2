import {retryAfter} from './refusal.js'

export interface QueueLimits {
  running: number
  waiting: number
}

/** Runs a limited number of tasks at once, lets a limited number wait and refuses the rest. */
export class Queue {
  #running = 0
  readonly #waiting: (() => void)[] = []

  constructor(private readonly limits: QueueLimits) {}

  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** @throws {Refusal} BUSY if too many tasks are waiting. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.limits.running) this.#running++
    else await this.#turn()
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running--
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= this.limits.waiting) throw retryAfter(1000, 'BUSY')
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}
