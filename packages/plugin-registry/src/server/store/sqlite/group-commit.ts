import {OutcomeUnknown, StoreBusy} from '../store-errors.js'
import {isIoError} from './error-kinds.js'

interface Job {
  work: () => unknown
  /** When to stop waiting for another process, in terms of `performance.now()`. */
  giveUpAt: number
  resolve: (value: never) => void
  reject: (error: unknown) => void
}

/** How many writes share a transaction. A longer one would block the event loop for readers. */
const maxJobs = 128

/** How long to wait for another process that holds the database, and how often to try, in milliseconds. */
const timeout = 5000
const retryInterval = 20

/**
 * Runs the writes that arrive in one turn of the event loop in one transaction, so that they share an fsync.
 *
 * Each write has its own savepoint, so if one throws, only its own changes are rolled back. Promises settle after the
 * commit. While another process writes, the writes wait without blocking the event loop.
 */
export class GroupCommit {
  #waiting: Job[] = []
  #scheduled = false

  /** @param check called within each transaction, before its jobs. If it throws, none of them is done. */
  constructor(
    private readonly exec: (sql: string) => void,
    private readonly check: () => void = () => {},
  ) {}

  write<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({work, resolve, reject, giveUpAt: performance.now() + timeout})
      this.#schedule()
    })
  }

  /** Commits all pending writes synchronously. */
  flush(): void {
    while (this.#waiting.length > 0) this.#commit(this.#waiting.splice(0, maxJobs), false)
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#turn()
    })
  }

  #turn(): void {
    this.#scheduled = false
    const isDone = this.#commit(this.#waiting.splice(0, maxJobs), true)
    if (isDone && this.#waiting.length > 0) this.#schedule()
    if (isDone) return
    this.#scheduled = true
    setTimeout(() => {
      this.#turn()
    }, retryInterval)
  }

  /** @returns false if the jobs have to wait */
  #commit(jobs: Job[], mayWait: boolean): boolean {
    const [oldest] = jobs
    if (!oldest) return true
    let settlements: (() => void)[]
    try {
      this.exec('BEGIN IMMEDIATE')
    } catch (error) {
      const waits = mayWait && error instanceof StoreBusy && performance.now() < oldest.giveUpAt
      if (waits) this.#waiting.unshift(...jobs)
      else for (const {reject} of jobs) reject(error)
      return !waits
    }
    try {
      this.check()
      settlements = jobs.map((job) => this.#attempt(job))
      this.#commitTransaction()
    } catch (error) {
      this.#rollBack()
      settlements = jobs.map((job) => () => job.reject(error))
    }
    for (const settle of settlements) settle()
    return true
  }

  #attempt({work, resolve, reject}: Job): () => void {
    this.exec('SAVEPOINT job')
    try {
      const value = work() as never
      this.exec('RELEASE job')
      return () => resolve(value)
    } catch (error) {
      try {
        this.exec('ROLLBACK TO job')
        this.exec('RELEASE job')
      } catch {
        // SQLite has already rolled back the transaction, for example on a full disk. Report that error.
        throw error
      }
      return () => reject(error)
    }
  }

  /**
   * @throws {OutcomeUnknown} if the log could not be written or synced. After a crash, SQLite may find the commit in
   *   it.
   */
  #commitTransaction(): void {
    try {
      this.exec('COMMIT')
    } catch (error) {
      throw isIoError(error) ? new OutcomeUnknown('the commit could not be written', {cause: error}) : error
    }
  }

  #rollBack(): void {
    try {
      this.exec('ROLLBACK')
    } catch {
      // SQLite ends the transaction itself after some failures.
    }
  }
}
