import {randomUUID} from 'node:crypto'

import type {FastifyBaseLogger} from 'fastify'

import type {BlobStore} from '../blobs/blob-store.js'
import type {RegistryStore} from '../store/store.js'

export interface Collection {
  drafts: number
  blobs: number
  /** The size of the removed blobs. */
  bytes: number
}

/** In milliseconds. */
export interface GarbageSchedule {
  /** How long a blob is kept after the last version that needed it was taken down. */
  gracePeriod: number
  interval: number
  /** How old drafts, and blobs that the database doesn't know, must be. Longer than an upload can take. */
  maxUploadAge: number
  /** How often to look for blobs that the database doesn't know. */
  listingInterval: number
}

interface CollectorStores {
  store: Pick<RegistryStore, 'blobs' | 'auditChain'>
  blobs: BlobStore
}

/** How many keys are looked up at a time. */
const lookup = 1000

/**
 * Removes the bytes that no available version has needed for the grace period. Each blob is first marked in the database,
 * so that no version can start to use it. If this is interrupted, the next collection finishes it.
 *
 * @param holder the process that takes the lease of the collection
 * @returns undefined if another process holds the lease
 */
export async function collectUnused(
  {store, blobs}: CollectorStores,
  {holder, gracePeriod, clock}: {holder: string; gracePeriod: number; clock: () => Date},
): Promise<Omit<Collection, 'drafts'> | undefined> {
  const collection = {blobs: 0, bytes: 0}
  for (;;) {
    const now = clock().getTime()
    const marked = await store.blobs.markUnused(holder, now - gracePeriod, now)
    if (!marked) return collection.blobs > 0 ? collection : undefined
    if (marked.length === 0) return collection
    const failures: unknown[] = []
    for (const {key, size} of marked) {
      try {
        await blobs.remove(key)
        await store.blobs.forget([key])
        collection.blobs++
        collection.bytes += size
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }
}

/** Removes blobs that the database doesn't know: those of uploads that failed after their bytes were stored. */
export async function collectUnknown(
  {store, blobs}: CollectorStores,
  minAge: number,
): Promise<Omit<Collection, 'drafts'>> {
  const collection = {blobs: 0, bytes: 0}
  let old: {key: string; size: number}[] = []
  const removeUnknown = async () => {
    const known = await store.blobs.known(old.map(({key}) => key))
    for (const {key, size} of old.filter((each) => !known.has(each.key))) {
      await blobs.remove(key)
      collection.blobs++
      collection.bytes += size
    }
    old = []
  }
  for await (const {key, size, age} of blobs.list()) {
    if (age >= minAge) old.push({key, size})
    if (old.length >= lookup) await removeUnknown()
  }
  await removeUnknown()
  return collection
}

export interface CollectorOptions extends CollectorStores {
  clock: () => Date
  log: FastifyBaseLogger
  schedule: GarbageSchedule
  /** While it is true, nothing is collected: an outdated database has no record of newer versions. */
  isPaused: () => boolean
}

/** Collects garbage at an interval, and never during a backup. */
export class GarbageCollector {
  readonly #holder = randomUUID()
  readonly #timer: NodeJS.Timeout
  #running: Promise<void>
  #listedAt = -Infinity

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
    const {clock, log, schedule, isPaused, store, blobs} = this.options
    if (isPaused()) return
    try {
      const {gracePeriod, maxUploadAge, listingInterval} = schedule
      const unused = await collectUnused({store, blobs}, {holder: this.#holder, gracePeriod, clock})
      if (!unused) return
      try {
        const now = clock().getTime()
        const drafts = await blobs.sweepDrafts(now - maxUploadAge)
        const isListing = Math.abs(now - this.#listedAt) >= listingInterval && (await this.#isOwnStore())
        const unknown = isListing ? await collectUnknown({store, blobs}, maxUploadAge) : {blobs: 0, bytes: 0}
        if (isListing) this.#listedAt = now
        const collected = {drafts, blobs: unused.blobs + unknown.blobs, bytes: unused.bytes + unknown.bytes}
        if (collected.blobs + collected.drafts > 0) log.info(collected, 'collected garbage')
      } finally {
        await store.blobs.release(this.#holder)
      }
    } catch (error) {
      log.warn({err: error}, 'garbage collection failed')
    }
  }

  /** Another registry that was given the same place for its blobs would also see them as unknown. */
  async #isOwnStore(): Promise<boolean> {
    const {store, blobs, log} = this.options
    const head = await blobs.readHead()
    if (!head || (await store.auditChain.contains(head))) return true
    log.error('another registry writes to the same blob store; unknown blobs are not deleted')
    return false
  }
}
