import {toStoreError} from './error-kinds.js'

/** The part of a synchronous SQLite driver that the store uses. `node:sqlite` and its npm port both provide it. */
export interface SqliteStatement {
  all(...parameters: SqliteValue[]): unknown[]
  get(...parameters: SqliteValue[]): unknown
  run(...parameters: SqliteValue[]): {changes: number | bigint; lastInsertRowid: number | bigint}
  iterate(...parameters: SqliteValue[]): IterableIterator<unknown>
  columns(): unknown[]
}

/** A database. @throws {StoreBusy | StoreFull | StoreDamaged} from any method of it or its statements */
export interface SqliteHandle {
  exec(sql: string): void
  prepare(sql: string): SqliteStatement
  close(): void
}

export type SqliteValue = null | number | bigint | string | Uint8Array

export interface SqliteDriver {
  name: 'node:sqlite' | '@photostructure/sqlite'
  version: string
  /** @param options.readOnly neither changes the file nor creates files next to it */
  open(path: string, options?: {readOnly: boolean}): SqliteHandle
}

/** Older versions have the WAL-reset bug, which loses commits when a second process writes. */
const oldestSafeVersion = '3.51.3'

/**
 * Loads the SQLite that is built into Node if it is safe to use, or else the npm port.
 *
 * @throws {Error} if neither is safe to use
 */
export async function loadSqlite(): Promise<SqliteDriver> {
  const found = loadBuiltIn() ?? (await loadPackaged())
  if (!isSafeVersion(found.version)) {
    throw new Error(`SQLite ${found.version} can lose commits; ${oldestSafeVersion} or newer is required`)
  }
  return found
}

/** Loads the SQLite that is built into Node, if it is safe to use. */
export function loadBuiltIn(): SqliteDriver | undefined {
  const builtIn = withoutExperimentalWarning(() => process.getBuiltinModule('node:sqlite')) as DriverModule | undefined
  if (!builtIn) return undefined
  const driver = describe('node:sqlite', builtIn)
  return isSafeVersion(driver.version) ? driver : undefined
}

export async function loadPackaged(): Promise<SqliteDriver> {
  const {DatabaseSync} = await import('@photostructure/sqlite')
  return describe('@photostructure/sqlite', {DatabaseSync})
}

interface DriverModule {
  DatabaseSync: new (path: string, options?: {readOnly: boolean}) => SqliteHandle
}

function describe(name: SqliteDriver['name'], {DatabaseSync}: DriverModule): SqliteDriver {
  const probe = new DatabaseSync(':memory:')
  const {version} = probe.prepare('SELECT sqlite_version() AS version').get() as {version: string}
  probe.close()
  return {name, version, open: (path, options = {readOnly: false}) => new Handle(() => new DatabaseSync(path, options))}
}

/** A database that throws the store's own errors. */
class Handle implements SqliteHandle {
  readonly #database: SqliteHandle

  constructor(open: () => SqliteHandle) {
    this.#database = attempt(open)
  }

  exec(sql: string): void {
    attempt(() => {
      this.#database.exec(sql)
    })
  }

  prepare(sql: string): SqliteStatement {
    return new Statement(attempt(() => this.#database.prepare(sql)))
  }

  close(): void {
    attempt(() => {
      this.#database.close()
    })
  }
}

/** A statement that throws the store's own errors. Written out, because a closure for each call would cost more. */
class Statement implements SqliteStatement {
  readonly #statement: SqliteStatement

  constructor(statement: SqliteStatement) {
    this.#statement = statement
  }

  all(...parameters: SqliteValue[]): unknown[] {
    try {
      return this.#statement.all(...parameters)
    } catch (error) {
      throw toStoreError(error)
    }
  }

  get(...parameters: SqliteValue[]): unknown {
    try {
      return this.#statement.get(...parameters)
    } catch (error) {
      throw toStoreError(error)
    }
  }

  run(...parameters: SqliteValue[]): {changes: number | bigint; lastInsertRowid: number | bigint} {
    try {
      return this.#statement.run(...parameters)
    } catch (error) {
      throw toStoreError(error)
    }
  }

  iterate(...parameters: SqliteValue[]): IterableIterator<unknown> {
    try {
      return this.#statement.iterate(...parameters)
    } catch (error) {
      throw toStoreError(error)
    }
  }

  columns(): unknown[] {
    return attempt(() => this.#statement.columns())
  }
}

function attempt<T>(call: () => T): T {
  try {
    return call()
  } catch (error) {
    throw toStoreError(error)
  }
}

function isSafeVersion(version: string): boolean {
  const ours = version.split('.').map(Number)
  const oldest = oldestSafeVersion.split('.').map(Number)
  const difference = oldest.map((part, position) => (ours[position] ?? 0) - part).find((each) => each !== 0)
  return difference === undefined || difference > 0
}

/** Node 22 warns that its SQLite is experimental. Operators cannot do anything about that. */
function withoutExperimentalWarning<T>(load: () => T): T {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- restored below, never called here
  const original = process.emitWarning
  process.emitWarning = () => {}
  try {
    return load()
  } finally {
    process.emitWarning = original
  }
}
