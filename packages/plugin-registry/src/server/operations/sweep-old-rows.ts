import {randomUUID} from 'node:crypto'

import type {FastifyBaseLogger} from 'fastify'

import type {RegistryStore} from '../store/store.js'

/** How often to look for old rows, in milliseconds. */
const interval = 10 * 60_000

interface SweeperOptions {
  store: Pick<RegistryStore, 'oldRows'>
  clock: () => Date
  log: FastifyBaseLogger
  /** While it is true, nothing is deleted. */
  isPaused: () => boolean
}

/** Deletes obsolete rows while the registry is running. */
export class OldRowSweeper {
  readonly #holder = randomUUID()
  readonly #timer: NodeJS.Timeout
  #running: Promise<void>
  #isStopped = false

  constructor(private readonly options: SweeperOptions) {
    this.#running = this.#sweep()
    this.#timer = setInterval(() => {
      this.#running = this.#running.then(() => this.#sweep())
    }, interval)
  }

  /** Waits for the batch that is being deleted. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#isStopped = true
    await this.#running
  }

  async #sweep(): Promise<void> {
    const {store, clock, log, isPaused} = this.options
    if (isPaused()) return
    try {
      const now = clock().getTime()
      let rows = 0
      for (let swept = -1; swept !== 0 && !this.#isStopped; rows += swept) {
        swept = await store.oldRows.sweep(this.#holder, now)
      }
      if (rows > 0) await store.oldRows.release(this.#holder)
    } catch (error) {
      log.warn({err: error}, 'failed to delete old rows')
    }
  }
}
