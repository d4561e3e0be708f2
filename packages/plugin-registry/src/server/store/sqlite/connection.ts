import {type Compilable, Kysely, SqliteDialect} from 'kysely'

import type {Schema} from '../schema.js'
import type {SqliteDriver, SqliteHandle, SqliteStatement, SqliteValue} from './driver.js'
import {GroupCommit} from './group-commit.js'

/** The value to set for each pragma, and the value that SQLite has to report. */
const pragmas = [
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', 2],
  ['foreign_keys', 'ON', 1],
  ['busy_timeout', '5000', 5000],
  ['trusted_schema', 'OFF', 0],
] as const

/**
 * An open database. Queries are built by kysely and run synchronously, so nothing can run between two queries of a
 * transaction.
 */
export class Connection {
  /** Builds queries for `all`, `first` and `run`. */
  readonly build: Kysely<Schema>
  // With one driver, statements become invalid when the database object is garbage-collected.
  readonly #handle: SqliteHandle
  readonly #statements = new Map<string, SqliteStatement>()
  readonly #commits: GroupCommit

  constructor(driver: SqliteDriver, path: string) {
    this.#handle = driver.open(path)
    this.#commits = new GroupCommit((sql) => this.#handle.exec(sql))
    this.build = new Kysely<Schema>({dialect: new SqliteDialect({database: this.#asKyselyDatabase()})})
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

  all<Row>(query: Compilable<Row>): Row[] {
    const {sql, parameters} = query.compile()
    return this.prepare(sql).all(...bindable(parameters)) as Row[]
  }

  first<Row>(query: Compilable<Row>): Row | undefined {
    const {sql, parameters} = query.compile()
    return this.prepare(sql).get(...bindable(parameters)) as Row | undefined
  }

  /** @returns the number of changed rows. */
  run(query: Compilable): number {
    const {sql, parameters} = query.compile()
    return Number(this.prepare(sql).run(...bindable(parameters)).changes)
  }

  /** From now on, `write` waits for other processes without blocking the event loop. */
  waitWithoutBlocking(): void {
    this.#handle.exec('PRAGMA busy_timeout = 10')
  }

  /** Runs `work` in a transaction, which it shares with other writes of this turn. Resolves once it is durable. */
  write<T>(work: () => T): Promise<T> {
    return this.#commits.write(work)
  }

  /** Runs queries on one snapshot of the database. */
  read<T>(work: () => T): T {
    this.#handle.exec('BEGIN')
    try {
      return work()
    } finally {
      this.#handle.exec('COMMIT')
    }
  }

  close(): void {
    this.#handle.exec('PRAGMA busy_timeout = 5000')
    this.#commits.flush()
    // One driver keeps the log while statements exist. After this, a copy of the database file alone is complete.
    this.#handle.exec('PRAGMA wal_checkpoint(TRUNCATE)')
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

  #asKyselyDatabase() {
    return {
      close: () => {},
      prepare: (sql: string) => {
        const statement = this.#handle.prepare(sql)
        return {
          reader: statement.columns().length > 0,
          all: (parameters: readonly unknown[]) => statement.all(...bindable(parameters)),
          run: (parameters: readonly unknown[]) => statement.run(...bindable(parameters)),
          iterate: (parameters: readonly unknown[]) => statement.iterate(...bindable(parameters)),
        }
      },
    }
  }
}

/** Rejects texts with a NUL. One driver truncates them there, and would read or change the wrong row. */
function bindable(parameters: readonly unknown[]): SqliteValue[] {
  for (const value of parameters) {
    if (typeof value === 'string' && value.includes('\0')) throw new Error('Cannot bind a text that contains NUL')
  }
  return parameters as SqliteValue[]
}
