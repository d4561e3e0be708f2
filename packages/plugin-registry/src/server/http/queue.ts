import {comeBackIn} from './refusal.js'

/** Runs a few pieces of work at a time, lets a few more wait and refuses the rest. */
export class Queue {
  #running = 0
  readonly #waiting: (() => void)[] = []

  constructor(private readonly limits: {running: number; waiting: number}) {}

  /** @throws Refusal BUSY when too many are waiting. */
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
    if (this.#waiting.length >= this.limits.waiting) throw comeBackIn(1000, 'BUSY')
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}
