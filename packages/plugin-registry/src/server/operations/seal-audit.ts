import {randomUUID} from 'node:crypto'

import type {FastifyBaseLogger} from 'fastify'

import type {BlobStore} from '../blobs/blob-store.js'
import type {ChainHead, RegistryStore} from '../store/store.js'

/** In milliseconds: between two looks for new rows, and between two copies of the head. */
const interval = 500
const headInterval = 60_000

interface SealerOptions {
  store: Pick<RegistryStore, 'auditChain'>
  blobs: Pick<BlobStore, 'readHead' | 'writeHead'>
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
  #copied: {head: ChainHead | undefined; at: number} | undefined

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

  async #work(isLast: boolean): Promise<void> {
    const {store, clock, log} = this.options
    try {
      const now = clock().getTime()
      let sealed: number
      do sealed = await store.auditChain.seal(this.#holder, now)
      while (sealed > 0)
      if (isLast || !this.#copied || Math.abs(now - this.#copied.at) >= headInterval) await this.#copyHead(now)
      if (isLast) await store.auditChain.release(this.#holder)
    } catch (error) {
      log.warn({err: error}, 'failed to seal the audit log')
    }
  }

  async #copyHead(now: number): Promise<void> {
    const {store, blobs, log} = this.options
    this.#copied ??= {head: await blobs.readHead(), at: now}
    const {head: known} = this.#copied
    const head = await store.auditChain.head()
    this.#copied.at = now
    if (known && !(await store.auditChain.contains(known))) {
      log.error({known, head}, 'the audit log was changed or truncated; run `apkg registry audit verify`')
    } else if (head && head.position !== known?.position) {
      await blobs.writeHead(head)
      this.#copied.head = head
    }
  }
}
