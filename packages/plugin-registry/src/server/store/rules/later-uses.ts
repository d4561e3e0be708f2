import {type Port, run, statement} from '../port.js'

/** How long uses are collected before they are written, in milliseconds. */
const interval = 10_000

const recordUses = statement({dialect: 'recordUses'})

/** Collects the uses of credentials after the first one, and writes them in one statement. */
export class LaterUses {
  /** The time of the last use by credential. */
  #pending = new Map<string, number>()
  #timer: NodeJS.Timeout | undefined

  /** @param onFailure called if uses could not be written. They are kept for the next time. */
  constructor(
    private readonly port: Port,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  add(credentialId: string, now: number): void {
    const known = this.#pending.get(credentialId)
    if (known === undefined || known < now) this.#pending.set(credentialId, now)
    this.#timer ??= setTimeout(() => void this.#write(), interval).unref()
  }

  /** Writes what was collected. */
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
    // Sorted, since processes that lock rows in different orders would wait for each other.
    const sorted = JSON.stringify([...uses].sort(([a], [b]) => (a < b ? -1 : 1)))
    try {
      await this.port.write(function* () {
        yield* run(recordUses(sorted))
      })
    } catch (error) {
      for (const [id, at] of uses) this.add(id, at)
      this.onFailure(error)
    }
  }
}
