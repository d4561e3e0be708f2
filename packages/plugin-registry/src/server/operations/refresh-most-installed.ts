import {randomUUID} from 'node:crypto'

import type {FastifyBaseLogger} from 'fastify'

import {dayLength, startOfDay} from '../store/days.js'
import {mostInstalledDays} from '../store/download-store.js'
import type {RegistryStore} from '../store/store.js'

/** How often the list is refreshed, in milliseconds. */
const interval = 10 * 60_000

interface RefresherOptions {
  store: Pick<RegistryStore, 'downloads'>
  clock: () => Date
  log: FastifyBaseLogger
  /** While it is true, nothing is refreshed. */
  isPaused: () => boolean
}

/** Refreshes the most installed packages while the registry is running. */
export class MostInstalledRefresher {
  readonly #holder = randomUUID()
  readonly #timer: NodeJS.Timeout
  #running: Promise<void>

  constructor(private readonly options: RefresherOptions) {
    this.#running = this.#refresh()
    this.#timer = setInterval(() => {
      this.#running = this.#running.then(() => this.#refresh())
    }, interval)
  }

  /** Waits for the refresh that is running, and lets another process take over. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#running
    try {
      await this.options.store.downloads.release(this.#holder)
    } catch (error) {
      this.options.log.warn({err: error}, 'failed to release the most installed packages')
    }
  }

  async #refresh(): Promise<void> {
    const {store, clock, log, isPaused} = this.options
    if (isPaused()) return
    try {
      const now = clock().getTime()
      const since = startOfDay(now) - (mostInstalledDays - 1) * dayLength
      await store.downloads.refreshMostInstalled(this.#holder, since, now)
    } catch (error) {
      log.warn({err: error}, 'failed to refresh the most installed packages')
    }
  }
}
