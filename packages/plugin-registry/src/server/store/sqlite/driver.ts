/** The part of a synchronous SQLite driver that the store uses; `node:sqlite` and its twin on npm both have it. */
export interface SqliteStatement {
  all(...parameters: SqliteValue[]): unknown[]
  get(...parameters: SqliteValue[]): unknown
  run(...parameters: SqliteValue[]): {changes: number | bigint; lastInsertRowid: number | bigint}
  iterate(...parameters: SqliteValue[]): IterableIterator<unknown>
  columns(): unknown[]
}

export interface SqliteHandle {
  exec(sql: string): void
  prepare(sql: string): SqliteStatement
  close(): void
}

export type SqliteValue = null | number | bigint | string | Uint8Array

export interface SqliteDriver {
  name: 'node:sqlite' | '@photostructure/sqlite'
  version: string
  /** @param options.readOnly for a file that nothing is to be changed in, nor beside it. */
  open(path: string, options?: {readOnly: boolean}): SqliteHandle
}

/** The first SQLite without the WAL-reset bug, which loses commits when a second process writes. */
const oldestSafeVersion = '3.51.3'

/**
 * The SQLite built into Node where there is a safe one, else the one from npm.
 *
 * @throws Error when neither is safe to use.
 */
export async function loadSqlite(): Promise<SqliteDriver> {
  const found = loadBuiltIn() ?? (await loadPackaged())
  if (!isSafeVersion(found.version)) {
    throw new Error(`SQLite ${found.version} can lose commits; ${oldestSafeVersion} or newer is needed`)
  }
  return found
}

/** Node's own SQLite, or undefined where Node has none that is safe. */
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
  return {name, version, open: (path, options = {readOnly: false}) => new DatabaseSync(path, options)}
}

function isSafeVersion(version: string): boolean {
  const ours = version.split('.').map(Number)
  const oldest = oldestSafeVersion.split('.').map(Number)
  const difference = oldest.map((part, position) => (ours[position] ?? 0) - part).find((each) => each !== 0)
  return difference === undefined || difference > 0
}

/** Node 22 calls its SQLite experimental on stderr, which is nothing that an operator can act upon. */
function withoutExperimentalWarning<T>(load: () => T): T {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- put back as it was, never called from here
  const original = process.emitWarning
  process.emitWarning = () => {}
  try {
    return load()
  } finally {
    process.emitWarning = original
  }
}
