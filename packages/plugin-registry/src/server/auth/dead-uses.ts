import {networkOf} from '../http/client-address.js'
import type {AuditLog, Credential, DeadUse} from '../store/store.js'
import type {Client} from './actor.js'

const minute = 60_000

/** Uses that are counted at once. */
const maxPending = 1000

/** What is recorded of a credential that is refused. */
export interface DeadCredential extends Pick<Credential, 'kind' | 'id'> {
  owner: {name: string}
  /** Why it is refused, if the refusal doesn't say. */
  reason?: string
}

interface Pending {
  use: DeadUse
  since: number
  timer: NodeJS.Timeout
}

/**
 * Counts the uses of credentials that are no longer valid, for the audit log: one row a minute for each credential, reason
 * and network, written when the minute is over, so that a client that keeps trying can't flood the log.
 */
export class DeadUses {
  /** By credential and network, the first one first. */
  readonly #pending = new Map<string, Pending>()
  /** Rows that are being written. */
  readonly #writes = new Set<Promise<void>>()

  constructor(
    private readonly audit: Pick<AuditLog, 'recordDeadUse'>,
    /** Called if a row could not be written. */
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** @param reason why the credential was refused, such as `revoked`. */
  add(credential: DeadCredential, reason: string, client: Client, now: number): void {
    const key = `${credential.id} ${reason} ${networkOf(client.address)}`
    const pending = this.#pending.get(key)
    if (pending && Math.abs(now - pending.since) < minute) {
      Object.assign(pending.use, {...client, reason, at: now, count: pending.use.count + 1})
      return
    }
    if (pending) this.#write(key, pending)
    const [oldest] = this.#pending
    if (oldest && this.#pending.size >= maxPending) this.#write(...oldest)
    const {kind, id, owner} = credential
    const use = {kind, id, owner: owner.name, reason, ...client, at: now, count: 1}
    const entry: Pending = {use, since: now, timer: setTimeout(() => this.#write(key, entry), minute).unref()}
    this.#pending.set(key, entry)
  }

  /** Writes all rows, also of minutes that aren't over. */
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
