import {type Port, run, statement} from '../port.js'
import type {UseDetails} from '../store.js'
import {toActionColumn} from './use-action.js'

/** How long uses are collected before they are written, in milliseconds. */
const interval = 10_000

const recordUses = statement({dialect: 'recordUses'})

/** Collects the uses of credentials after the first one, and writes them in one statement. */
export class LaterUses {
  /** The latest use of each credential. */
  #pending = new Map<string, {use: UseDetails; at: number}>()
  #timer: NodeJS.Timeout | undefined

  /** @param onFailure called if uses could not be written. They are kept for the next attempt. */
  constructor(
    private readonly port: Port,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  add(credentialId: string, use: UseDetails, now: number): void {
    const known = this.#pending.get(credentialId)
    if (known === undefined || known.at < now) this.#pending.set(credentialId, {use, at: now})
    this.#timer ??= setTimeout(() => void this.#write(), interval).unref()
  }

  /** Writes the collected uses. */
  async close(): Promise<void> {
    await this.#write()
    clearTimeout(this.#timer)
  }

  async #write(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const uses = this.#pending
    if (uses.size === 0) return
    this.#pending = new Map()
    // Sorted, because processes that lock rows in different orders would deadlock.
    const sorted = [...uses].sort(([a], [b]) => (a < b ? -1 : 1)).map(toRow)
    try {
      await this.port.write(function* () {
        yield* run(recordUses(JSON.stringify(sorted)))
      })
    } catch (error) {
      for (const [id, {use, at}] of uses) this.add(id, use, at)
      this.onFailure(error)
    }
  }
}

function toRow([id, {use, at}]: [string, {use: UseDetails; at: number}]) {
  return [id, at, use.address, use.agent, toActionColumn(use), use.package]
}
