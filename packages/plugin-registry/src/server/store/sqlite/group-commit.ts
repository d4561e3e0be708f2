interface Job {
  work: () => unknown
  resolve: (value: never) => void
  reject: (error: unknown) => void
}

/** More than this in one transaction would keep readers of the same event loop waiting. */
const mostJobs = 128

/**
 * Runs the writes that arrive in one turn of the event loop in one transaction, so that they share its fsync.
 *
 * Each write has a savepoint of its own: one that throws undoes itself alone. Promises are settled after the commit, so
 * what was answered is on the disk.
 */
export class GroupCommit {
  #waiting: Job[] = []
  #scheduled = false

  constructor(private readonly exec: (sql: string) => void) {}

  write<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({work, resolve, reject})
      this.#schedule()
    })
  }

  /** Commits everything that is waiting, now. */
  flush(): void {
    while (this.#waiting.length > 0) this.#commit(this.#waiting.splice(0, mostJobs))
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#commit(this.#waiting.splice(0, mostJobs))
      if (this.#waiting.length > 0) this.#schedule()
    })
  }

  #commit(jobs: Job[]): void {
    if (jobs.length === 0) return
    let settlements: (() => void)[]
    try {
      this.exec('BEGIN IMMEDIATE')
      settlements = jobs.map((job) => this.#attempt(job))
      this.exec('COMMIT')
    } catch (error) {
      this.#rollBack()
      settlements = jobs.map((job) => () => job.reject(error))
    }
    for (const settle of settlements) settle()
  }

  #attempt({work, resolve, reject}: Job): () => void {
    this.exec('SAVEPOINT job')
    try {
      const value = work() as never
      this.exec('RELEASE job')
      return () => resolve(value)
    } catch (error) {
      this.exec('ROLLBACK TO job')
      this.exec('RELEASE job')
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
