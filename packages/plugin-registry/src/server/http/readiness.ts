import {Readable} from 'node:stream'

import type {BlobStore} from '../blobs/blob-store.js'
import {Refusal} from './refusal.js'
import type {RegistryStore} from '../store/store.js'

interface ReadinessPorts {
  store: RegistryStore
  blobs: BlobStore
  clock: () => Date
}

/** How long a result is reused, in milliseconds. Anyone can ask, and each check writes to the disk. */
const maxAge = 1000

/** Checks that the server can do its work: the database answers and tarballs can be written. */
export class Readiness {
  #last: {at: number; problem: Promise<string | undefined>} | undefined

  constructor(private readonly ports: ReadinessPorts) {}

  /** @throws {Refusal} BUSY with the reason */
  async assertReady(): Promise<void> {
    const problem = await this.#problem()
    if (problem !== undefined) {
      throw new Refusal('BUSY', {message: `Not ready: ${problem}`, headers: {'retry-after': '1'}})
    }
  }

  #problem(): Promise<string | undefined> {
    const now = this.ports.clock().getTime()
    if (!this.#last || now - this.#last.at >= maxAge) this.#last = {at: now, problem: this.#check()}
    return this.#last.problem
  }

  async #check(): Promise<string | undefined> {
    const {store, blobs} = this.ports
    try {
      await store.audit.latest(1)
    } catch {
      return 'the database is unavailable'
    }
    try {
      await blobs.discard(await blobs.put(Readable.from([Buffer.alloc(1)])))
    } catch {
      return 'tarballs cannot be written'
    }
    return undefined
  }
}
