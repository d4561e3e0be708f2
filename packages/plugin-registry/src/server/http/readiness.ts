import {Readable} from 'node:stream'

import type {BlobStore} from '../blobs/blob-store.js'
import {Refusal} from './refusal.js'
import type {RegistryStore} from '../store/store.js'

interface ReadinessPorts {
  store: RegistryStore
  blobs: BlobStore
  clock: () => Date
}

/** How long an answer holds, in milliseconds: anybody may ask, and each look writes to the disk. */
const lifetime = 1000

/** Whether requests are worth sending here: the database answers and tarballs can be written. */
export class Readiness {
  #last: {at: number; problem: Promise<string | undefined>} | undefined

  constructor(private readonly ports: ReadinessPorts) {}

  /** @throws Refusal that says what is amiss. */
  async assertReady(): Promise<void> {
    const problem = await this.#problem()
    if (problem !== undefined) {
      throw new Refusal('BUSY', {message: `Not ready: ${problem}`, headers: {'retry-after': '1'}})
    }
  }

  #problem(): Promise<string | undefined> {
    const now = this.ports.clock().getTime()
    if (!this.#last || now - this.#last.at >= lifetime) this.#last = {at: now, problem: this.#look()}
    return this.#last.problem
  }

  async #look(): Promise<string | undefined> {
    const {store, blobs} = this.ports
    try {
      await store.audit.latest(1)
    } catch {
      return 'the database does not answer'
    }
    try {
      await blobs.discard(await blobs.put(Readable.from([Buffer.alloc(1)])))
    } catch {
      return 'tarballs cannot be written'
    }
    return undefined
  }
}
