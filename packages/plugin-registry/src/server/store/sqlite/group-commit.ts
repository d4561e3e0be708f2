import {isBusy} from './error-kinds.js'

interface Job {
  work: () => unknown
  /** When to stop waiting for another process, on the clock of `performance.now()`. */
  giveUpAt: number
  resolve: (value: never) => void
  reject: (error: unknown) => void
}

/** More than this in one transaction would keep readers of the same event loop waiting. */
const mostJobs = 128

/** How long another process may hold the database, and how often that is looked at, in milliseconds. */
const patience = 5000
const pause = 20

/**
 * Runs the writes that arrive in one turn of the event loop in one transaction, so that they share its fsync.
 *
 * Each write has a savepoint of its own: one that throws undoes itself alone. Promises are settled after the commit, so
 * what was answered is on the disk. While another process writes, the event loop goes on, and the writes wait.
 */
export class GroupCommit {
  #waiting: Job[] = []
  #scheduled = false

  constructor(private readonly exec: (sql: string) => void) {}

  write<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({work, resolve, reject, giveUpAt: performance.now() + patience})
      this.#schedule()
    })
  }

  /** Commits everything that is waiting, now. */
  flush(): void {
    while (this.#waiting.length > 0) this.#commit(this.#waiting.splice(0, mostJobs), false)
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
    const isDone = this.#commit(this.#waiting.splice(0, mostJobs), true)
    if (isDone && this.#waiting.length > 0) this.#schedule()
    if (isDone) return
    this.#scheduled = true
    setTimeout(() => {
      this.#turn()
    }, pause)
  }

  /** @returns whether the jobs are settled; if not, they wait again. */
  #commit(jobs: Job[], mayWait: boolean): boolean {
    const [oldest] = jobs
    if (!oldest) return true
    let settlements: (() => void)[]
    try {
      this.exec('BEGIN IMMEDIATE')
    } catch (error) {
      const waits = mayWait && isBusy(error) && performance.now() < oldest.giveUpAt
      if (waits) this.#waiting.unshift(...jobs)
      else for (const {reject} of jobs) reject(error)
      return !waits
    }
    try {
      settlements = jobs.map((job) => this.#attempt(job))
      this.exec('COMMIT')
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
        // With a full disk, for one, SQLite has undone the whole transaction already. Why is what the callers are told.
        throw error
      }
      return () => reject(error)
    }
  }

  #rollBack(): void {
    try {
      this.exec('ROLLBACK')
    } catch {
      // SQLite ends the transaction by itself after some failures; the one that led here is what matters.
    }
  }
}
