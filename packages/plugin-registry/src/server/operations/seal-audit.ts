import {randomUUID} from 'node:crypto'

import type {FastifyBaseLogger} from 'fastify'

import type {RegistryStore} from '../store/store.js'
import type {HeadCheck} from './head-check.js'

/** How often to look for new rows, and how often to copy the head, in milliseconds. */
const interval = 500
const headInterval = 60_000

/** How soon to copy the head again after a failure, in milliseconds. */
const headRetryInterval = 5000

interface SealerOptions {
  store: Pick<RegistryStore, 'auditChain'>
  /** While it finds a problem, nothing is sealed. */
  head: HeadCheck
  clock: () => Date
  log: FastifyBaseLogger
}

/**
 * Seals the audit log while the registry is running, and copies the head of the chain to the blob store, where someone
 * who can change the database can't change it.
 */
export class AuditSealer {
  readonly #holder = randomUUID()
  readonly #timer: NodeJS.Timeout
  #running: Promise<void> = Promise.resolve()
  #copiedAt: number | undefined
  /** Not awaited while sealing, because a blob store that is down takes long to fail. */
  #copying: Promise<void> | undefined

  constructor(private readonly options: SealerOptions) {
    this.#timer = setInterval(() => {
      this.#running = this.#running.then(() => this.#work(false))
    }, interval)
  }

  /** Seals all rows, and copies the head. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#running.then(() => this.#work(true))
  }

  #copy(now: number): void {
    this.#copying ??= this.options.head
      .copy()
      .then(
        () => {
          this.#copiedAt = now
        },
        (error: unknown) => {
          // Tried again soon.
          this.#copiedAt = now - headInterval + headRetryInterval
          this.options.log.warn({err: error}, "failed to copy the audit log's head")
        },
      )
      .finally(() => {
        this.#copying = undefined
      })
  }

  async #work(isLast: boolean): Promise<void> {
    const {store, head, clock, log} = this.options
    try {
      if (!(await head.check())) return
      const now = clock().getTime()
      let sealed: number
      do sealed = await store.auditChain.seal(this.#holder, now)
      while (sealed > 0)
      // One that is running may copy an earlier head.
      if (isLast) await this.#copying
      if (isLast || this.#copiedAt === undefined || Math.abs(now - this.#copiedAt) >= headInterval) this.#copy(now)
      if (isLast) await this.#copying
      if (isLast) await store.auditChain.release(this.#holder)
    } catch (error) {
      log.warn({err: error}, 'failed to seal the audit log')
    }
  }
}
