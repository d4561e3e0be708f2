import {type Compilable, Kysely, SqliteDialect} from 'kysely'

import type {Schema} from '../schema.js'
import type {SqliteDriver, SqliteHandle, SqliteStatement, SqliteValue} from './driver.js'
import {GroupCommit} from './group-commit.js'

/** What each pragma is set to, and what it has to answer afterwards. */
const pragmas = [
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', 2],
  ['foreign_keys', 'ON', 1],
  ['busy_timeout', '5000', 5000],
  ['trusted_schema', 'OFF', 0],
] as const

/**
 * One open database. Queries are built by kysely and run at once: nothing can slip between two of them in one
 * transaction.
 */
export class Connection {
  /** Builds queries; `all`, `first` and `run` execute them. */
  readonly build: Kysely<Schema>
  // The statements of one driver die when its database object is collected, so it is held here.
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

  /** A statement of this text, prepared once. */
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

  /** @returns how many rows were changed. */
  run(query: Compilable): number {
    const {sql, parameters} = query.compile()
    return Number(this.prepare(sql).run(...bindable(parameters)).changes)
  }

  /** From now on the event loop goes on while another process writes: `write` waits by itself. */
  waitWithoutBlocking(): void {
    this.#handle.exec('PRAGMA busy_timeout = 10')
  }

  /** Runs `work` in a transaction, together with whatever else arrives in this turn; fulfilled once it is on the disk. */
  write<T>(work: () => T): Promise<T> {
    return this.#commits.write(work)
  }

  /** Runs queries that all see the database as of one moment, whatever other processes write. */
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
    // One driver leaves the log behind while statements are alive; a copy of the database alone is to be whole.
    this.#handle.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    this.#statements.clear()
    this.#handle.close()
  }

  #setPragmas(): void {
    // First of all, since switching to WAL may itself have to wait for another process.
    this.#handle.exec('PRAGMA busy_timeout = 5000')
    for (const [name, value, expected] of pragmas) {
      this.#handle.exec(`PRAGMA ${name} = ${value}`)
      const row = this.#handle.prepare(`PRAGMA ${name}`).get() as Record<string, unknown>
      const actual = Object.values(row)[0]
      if (actual !== expected) throw new Error(`SQLite answers ${String(actual)} for ${name}, not ${expected}`)
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

/**
 * The values of a statement's parameters. One driver cuts a text at its first NUL and would find, or change, another row
 * than the one that was asked for.
 */
function bindable(parameters: readonly unknown[]): SqliteValue[] {
  for (const value of parameters) {
    if (typeof value === 'string' && value.includes('\0')) throw new Error('A text with a NUL cannot be bound')
  }
  return parameters as SqliteValue[]
}
