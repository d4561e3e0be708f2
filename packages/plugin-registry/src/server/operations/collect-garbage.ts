import type {FastifyBaseLogger} from 'fastify'

import type {BlobStore} from '../blobs/blob-store.js'
import type {ProcessLock} from './process-lock.js'
import type {RegistryStore} from '../store/store.js'

export interface Collection {
  drafts: number
  blobs: number
  /** The size of the removed blobs. */
  bytes: number
}

/**
 * Removes data that no version references: drafts of aborted uploads, and blobs of versions that were rejected late or
 * taken down.
 *
 * @param before milliseconds since 1970. Newer data stays, since a running upload may be about to reference it.
 */
export async function collectGarbage(
  {store, blobs}: {store: RegistryStore; blobs: BlobStore},
  before: number,
): Promise<Collection> {
  const collection = {drafts: await blobs.sweepDrafts(before), blobs: 0, bytes: 0}
  for await (const {sha256, size, committedAt} of blobs.list()) {
    if (committedAt >= before || (await store.packages.isReferenced(sha256))) continue
    // A running upload commits its blob before it adds the version, so its blob has a recent commit time.
    if (!(await blobs.removeUnlessCommittedSince(sha256, before))) continue
    collection.blobs++
    collection.bytes += size
  }
  return collection
}

/** In milliseconds. */
export interface GarbageSchedule {
  /** How long unreferenced data is kept. */
  gracePeriod: number
  interval: number
}

export interface CollectorOptions {
  store: RegistryStore
  blobs: BlobStore
  takeCollectionLock: () => ProcessLock | undefined
  clock: () => Date
  log: FastifyBaseLogger
  schedule: GarbageSchedule
  /** While it is true, nothing is collected: an outdated database has no record of newer versions. */
  isPaused: () => boolean
}

/** Collects garbage at an interval, and never during a backup. */
export class GarbageCollector {
  readonly #timer: NodeJS.Timeout
  #running: Promise<void>

  constructor(private readonly options: CollectorOptions) {
    this.#running = this.#collect()
    this.#timer = setInterval(() => {
      this.#running = this.#running.then(() => this.#collect())
    }, options.schedule.interval)
  }

  /** Waits for a running collection. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#running
  }

  async #collect(): Promise<void> {
    const {takeCollectionLock, clock, log, schedule, isPaused, ...stores} = this.options
    if (isPaused()) return
    try {
      const lock = takeCollectionLock()
      if (!lock) return
      try {
        const collected = await collectGarbage(stores, clock().getTime() - schedule.gracePeriod)
        if (collected.blobs + collected.drafts > 0) log.info(collected, 'collected garbage')
      } finally {
        lock.release()
      }
    } catch (error) {
      log.warn({err: error}, 'garbage collection failed')
    }
  }
}
