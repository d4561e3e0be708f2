import {type Port, run, statement} from '../port.js'
import type {UseDetails} from '../store.js'

/** How long uses are collected before they are written, in milliseconds. */
const interval = 10_000

const recordUses = statement({dialect: 'recordUses'})

const addElsewhere = statement(`
  INSERT INTO credential_uses (credential_id, last_used_at, address, agent, action, package, refused, only_elsewhere)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1) ON CONFLICT (credential_id) DO NOTHING`)

interface PendingUse {
  use: UseDetails
  at: number
  /** Whether it was refused because of the client's address. */
  isElsewhere: boolean
}

/** Collects the uses of credentials after the first one, and writes them in one statement. */
export class LaterUses {
  /** The latest use of each credential. */
  #pending = new Map<string, PendingUse>()
  #timer: NodeJS.Timeout | undefined

  /** @param onFailure called if uses could not be written. They are kept for the next attempt. */
  constructor(
    private readonly port: Port,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Of uses in the same millisecond, the last one counts: a request is recorded again if it is refused. */
  add(credentialId: string, use: UseDetails, now: number, {isElsewhere = false} = {}): void {
    const known = this.#pending.get(credentialId)
    if (known === undefined || known.at <= now) this.#pending.set(credentialId, {use, at: now, isElsewhere})
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
    const sorted = [...uses].sort(([a], [b]) => (a < b ? -1 : 1))
    const elsewhere = sorted.filter(([, {isElsewhere}]) => isElsewhere)
    try {
      await this.port.write(function* () {
        yield* run(recordUses(JSON.stringify(sorted.map(toRow))))
        for (const each of elsewhere) yield* run(addElsewhere(...toRow(each)))
      })
    } catch (error) {
      for (const [id, {use, at, isElsewhere}] of uses) this.add(id, use, at, {isElsewhere})
      this.onFailure(error)
    }
  }
}

function toRow([id, {use, at}]: [string, PendingUse]) {
  const {address, agent, action, package: name, refused} = use
  return [id, at, address, agent, action, name, Number(refused)] as const
}
