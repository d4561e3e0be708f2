import type {Ask, OpenTransaction} from '../port.js'
import {commandsOf, toResult} from './asks.js'
import {commitIn, configure} from './commands.js'
import {toStoreError} from './error-kinds.js'
import {assertUsable} from './migrate.js'
import {toOpeningError} from './opening-error.js'
import type {PostgresOptions} from './postgres-options.js'
import type {Session} from './session.js'
import {Sessions} from './sessions.js'
import {schemaName} from './table-names.js'

/** How long a statement, and the caller between two of them, can take, in milliseconds. */
const timeout = 10 * 60_000

/** How long to wait for the transactions of other processes, in milliseconds. */
const lockTimeout = 30_000

const settings = configure({
  statement_timeout: String(timeout),
  lock_timeout: String(lockTimeout),
  idle_in_transaction_session_timeout: String(timeout),
})

const openings = {
  /** One snapshot, while other processes change the database. */
  read: ['BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'],
  /**
   * Waits for a snapshot that no running transaction can contradict: one that began before the registry was closed is
   * either in the snapshot, or fails.
   */
  'read-settled': ['BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE'],
  /** Conflicts with changes that began before it. */
  mark: ['BEGIN ISOLATION LEVEL SERIALIZABLE'],
  /** Every change adds a row to the audit log, so no other process changes anything until the end. */
  write: [
    'BEGIN ISOLATION LEVEL REPEATABLE READ',
    `SET LOCAL lock_timeout = ${lockTimeout}`,
    `LOCK TABLE ${schemaName}.audit, ${schemaName}.names, ${schemaName}.policy IN EXCLUSIVE MODE`,
  ],
}

/**
 * Opens a transaction on the database of a registry.
 *
 * @throws {UnusableDatabase | UnsafeServer | RefusedByServer | StoreBusy}
 */
export async function openPostgresTransaction(
  {version, key, ...connection}: PostgresOptions,
  kind: keyof typeof openings,
): Promise<OpenTransaction> {
  const sessions = new Sessions({...connection, pool: 1})
  let session: Session | undefined
  try {
    await assertUsable(sessions, version, key)
    session = await sessions.take()
    const opening = openings[kind].map((text) => ({text, parameters: []}))
    await session.run([...opening, settings], timeout)
    return new PostgresTransaction(sessions, session)
  } catch (error) {
    session?.destroy()
    await sessions.close()
    throw toOpeningError(error)
  }
}

class PostgresTransaction implements OpenTransaction {
  #isOpen = true

  constructor(
    private readonly sessions: Sessions,
    private readonly session: Session,
  ) {}

  readonly ask: OpenTransaction['ask'] = async (ask: Ask): Promise<never> => {
    try {
      return toResult(ask, await this.session.run(commandsOf(ask), timeout)) as never
    } catch (error) {
      throw toStoreError(error)
    }
  }

  async commit(): Promise<void> {
    try {
      await commitIn(this.session, timeout)
    } catch (error) {
      throw toStoreError(error)
    } finally {
      await this.close()
    }
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return
    this.#isOpen = false
    // Closing the connection ends the transaction.
    this.session.destroy()
    await this.sessions.close()
  }
}
