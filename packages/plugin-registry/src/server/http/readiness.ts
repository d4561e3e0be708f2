import {setTimeout as sleep} from 'node:timers/promises'

import type {BlobStore} from '../blobs/blob-store.js'
import {Refusal} from './refusal.js'
import type {RegistryStore} from '../store/store.js'

interface ReadinessPorts {
  store: RegistryStore
  blobs: BlobStore
  clock: () => Date
  /** How much the clock can be wrong, in milliseconds. */
  clockUncertainty?: () => number
}

/** How long a result is reused, in milliseconds. Anyone can ask. */
const maxAge = 1000

/** How long to wait for the database, and for the blob store, in milliseconds. */
const maxDatabaseWait = 2500
const maxWait = 500

/** How much the clock can be wrong, in milliseconds. Tokens would expire too late, and codes be valid for too long. */
const maxUncertainty = 5000

export interface State {
  /** Whether tarballs can be stored and downloaded. */
  blobs: 'ok' | 'unavailable'
}

interface Finding extends State {
  problem: string | undefined
}

/**
 * Checks that the server can do its work: the database responds, and its time is known. If only the blob store is down, the registry stays ready,
 * since no other process could do more.
 */
export class Readiness {
  #last: {at: number; finding: Promise<Finding>} | undefined

  constructor(private readonly ports: ReadinessPorts) {}

  /** @throws {Refusal} BUSY with the reason */
  async assertReady(): Promise<State> {
    const {problem, blobs} = await this.#finding()
    if (problem === undefined) return {blobs}
    throw new Refusal('BUSY', {message: `Not ready: ${problem}`, headers: {'retry-after': '1'}})
  }

  #finding(): Promise<Finding> {
    const now = this.ports.clock().getTime()
    if (!this.#last || now - this.#last.at >= maxAge) this.#last = {at: now, finding: this.#check()}
    return this.#last.finding
  }

  async #check(): Promise<Finding> {
    const {blobs} = this.ports
    const [problem, state] = await Promise.all([
      this.#databaseProblem(),
      Promise.race([
        blobs.check().then(
          () => 'ok' as const,
          () => 'unavailable' as const,
        ),
        sleep(maxWait, 'unavailable' as const, {ref: false}),
      ]),
    ])
    return {problem, blobs: state}
  }

  async #databaseProblem(): Promise<string | undefined> {
    const {store, clockUncertainty} = this.ports
    const isAvailable = await Promise.race([
      store.audit.latest(1).then(
        () => true,
        () => false,
      ),
      sleep(maxDatabaseWait, false, {ref: false}),
    ])
    if (!isAvailable) return 'the database is unavailable'
    if (clockUncertainty && clockUncertainty() > maxUncertainty) return 'the time of the database is unknown'
    return undefined
  }
}
