import {networkOf} from '../http/client-address.js'
import type {AuditLog, Credential, DeadUse} from '../store/store.js'
import type {Client} from './actor.js'

const minute = 60_000

/** How many counts are kept in memory. Beyond that, the oldest are written before their minute is over. */
const maxPending = 10_000

/** The facts about a refused credential that are recorded. */
export interface DeadCredential extends Pick<Credential, 'kind' | 'id'> {
  /** The name of its owner or trusted publisher. */
  holder: string
  /** Why it is refused, unless the refusal says so. */
  reason?: string
}

interface Pending {
  use: DeadUse
  since: number
  timer: NodeJS.Timeout
}

/**
 * Counts the uses of credentials that are no longer valid. The audit log gets one row a minute for each credential and
 * network, at the end of the minute, so that a client that keeps trying can't flood it.
 */
export class DeadUses {
  /** The counts by credential and network, oldest first. */
  readonly #pending = new Map<string, Pending>()
  /** Rows that are being written. */
  readonly #writes = new Set<Promise<void>>()

  constructor(
    private readonly audit: Pick<AuditLog, 'recordDeadUse'>,
    /** Called if a row could not be written. */
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** @param reason why the credential was refused, such as `revoked` */
  add(credential: DeadCredential, reason: string, client: Client, now: number): void {
    const key = `${credential.id} ${networkOf(client.address)}`
    const pending = this.#pending.get(key)
    if (pending && Math.abs(now - pending.since) < minute) {
      Object.assign(pending.use, {...client, reason, at: now, count: pending.use.count + 1})
      return
    }
    if (pending) this.#write(key, pending)
    const [oldest] = this.#pending
    if (oldest && this.#pending.size >= maxPending) this.#write(...oldest)
    const {id, holder} = credential
    const kind = credential.kind === 'session' ? ('session' as const) : ('token' as const)
    const use = {kind, id, owner: holder, reason, ...client, at: now, count: 1}
    const entry: Pending = {use, since: now, timer: setTimeout(() => this.#write(key, entry), minute).unref()}
    this.#pending.set(key, entry)
  }

  /** Writes all rows, even if their minute isn't over. */
  async close(): Promise<void> {
    for (const [key, pending] of this.#pending) this.#write(key, pending)
    await Promise.all(this.#writes)
  }

  #write(key: string, {use, timer}: Pending): void {
    clearTimeout(timer)
    this.#pending.delete(key)
    const write = this.audit.recordDeadUse(use).catch(this.onFailure)
    this.#writes.add(write)
    void write.finally(() => this.#writes.delete(write))
  }
}
