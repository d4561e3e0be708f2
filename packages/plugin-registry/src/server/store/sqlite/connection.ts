import {assertOpen, markName} from '../move-mark.js'
import type {SqliteDriver, SqliteHandle, SqliteStatement, SqliteValue} from './driver.js'
import {GroupCommit} from './group-commit.js'

/** For each pragma, the value to set and the value that SQLite must report. */
const pragmas = [
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', 2],
  ['foreign_keys', 'ON', 1],
  ['busy_timeout', '5000', 5000],
  ['trusted_schema', 'OFF', 0],
  // In KiB. With the default of 2 MiB, a lookup in a large database reads most of its pages from the file again.
  ['cache_size', '-65536', -65536],
] as const

/** An open database. Statements run synchronously, so nothing can run between two statements of a transaction. */
export class Connection {
  // In one of the drivers, statements become invalid when the database object is garbage-collected.
  readonly #handle: SqliteHandle
  readonly #statements = new Map<string, SqliteStatement>()
  readonly #commits: GroupCommit
  #writes = 0
  #isGuarded = false

  constructor(driver: SqliteDriver, path: string) {
    this.#handle = driver.open(path)
    this.#commits = new GroupCommit(
      (sql) => this.#control(sql),
      () => this.#assertOpen(),
    )
    this.#setPragmas()
  }

  exec(sql: string): void {
    this.#handle.exec(sql)
  }

  /** Prepares a statement once per text. */
  prepare(sql: string): SqliteStatement {
    let statement = this.#statements.get(sql)
    if (!statement) this.#statements.set(sql, (statement = this.#handle.prepare(sql)))
    return statement
  }

  /** From now on, `write` fails if the registry was moved to another database. It must have all tables. */
  guard(): void {
    this.#isGuarded = true
  }

  #assertOpen(): void {
    if (!this.#isGuarded) return
    const row = this.prepare('SELECT value FROM policy WHERE name = ?').get(markName) as {value: string} | undefined
    assertOpen(row?.value)
  }

  /** Makes `write` wait for other processes without blocking the event loop. */
  waitWithoutBlocking(): void {
    this.#handle.exec('PRAGMA busy_timeout = 10')
  }

  /**
   * Returns a text that changes with every commit, of this process or another. Until it does, a query returns the same
   * rows. SQLite doesn't count the connection's own commits in `data_version`.
   */
  get version(): string {
    const {data_version: others} = this.prepare('PRAGMA data_version').get() as {data_version: number}
    return `${others} ${this.#writes}`
  }

  /** Runs `work` in a transaction that it shares with other writes of this turn. Resolves once it is durable. */
  write<T>(work: () => T): Promise<T> {
    return this.#commits.write(() => {
      this.#writes++
      return work()
    })
  }

  /** Runs `work` on one snapshot of the database. */
  read<T>(work: () => T): T {
    this.#control('BEGIN')
    try {
      return work()
    } finally {
      this.#control('COMMIT')
    }
  }

  /** Begins or ends a transaction. A prepared statement takes a fraction of the time of `exec`. */
  #control(sql: string): void {
    this.prepare(sql).run()
  }

  /** @param wait how long the log can take to be moved to the database file, in milliseconds. Other connections may read it. */
  close(wait = 5000): void {
    this.#handle.exec('PRAGMA busy_timeout = 5000')
    this.#commits.flush()
    this.#handle.exec(`PRAGMA busy_timeout = ${wait}`)
    // One of the drivers keeps the log while statements exist. After this, a copy of only the database file is
    // complete.
    try {
      this.#handle.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } catch {
      // Every change is in the log, which the next process reads. This error must not hide the error of a change.
    }
    this.#statements.clear()
    this.#handle.close()
  }

  #setPragmas(): void {
    // First, since switching to WAL may have to wait for another process.
    this.#handle.exec('PRAGMA busy_timeout = 5000')
    for (const [name, value, expected] of pragmas) {
      this.#handle.exec(`PRAGMA ${name} = ${value}`)
      const row = this.#handle.prepare(`PRAGMA ${name}`).get() as Record<string, unknown>
      const actual = Object.values(row)[0]
      if (actual !== expected) throw new Error(`SQLite reports ${name} = ${String(actual)}, expected ${expected}`)
    }
  }
}

/** Rejects texts that contain NUL. One of the drivers truncates them, and would read or change the wrong row. */
export function bindable(parameters: readonly unknown[]): SqliteValue[] {
  for (const value of parameters) {
    if (typeof value === 'string' && value.includes('\0')) throw new Error('Cannot bind a text that contains NUL')
  }
  return parameters as SqliteValue[]
}
