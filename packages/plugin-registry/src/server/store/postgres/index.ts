import {RefusedByServer} from '../database-errors.js'
import {asServerError, toStoreError} from './error-kinds.js'
import {assertUsable, migrate} from './migrate.js'
import {PostgresPort} from './postgres-port.js'
import {type ConnectionOptions, Sessions} from './sessions.js'

export type {DatabaseClock} from './database-clock.js'
export type {ConnectionOptions} from './sessions.js'

export interface PostgresOptions extends ConnectionOptions {
  /** The version of the registry. */
  version: string
  /** The registry's secret key, which the database must belong to. */
  key: Uint8Array
}

/**
 * Connects to the database of a registry, which `migratePostgres` created.
 *
 * @throws {UnusableDatabase | UnsafeServer | RefusedByServer | StoreBusy}
 */
export async function openPostgres({version, key, ...connection}: PostgresOptions): Promise<PostgresPort> {
  const sessions = new Sessions(connection)
  try {
    await assertUsable(sessions, version, key)
  } catch (error) {
    await sessions.close()
    throw toOpeningError(error)
  }
  return new PostgresPort(sessions)
}

/**
 * Creates or updates the tables of a registry. Other processes can be using them.
 *
 * @returns the names of the migrations that were applied
 * @throws {UnusableDatabase | UnsafeServer | RefusedByServer | StoreBusy}
 */
export async function migratePostgres({version, key, ...connection}: PostgresOptions): Promise<string[]> {
  const sessions = new Sessions({...connection, pool: 1})
  try {
    return await migrate(sessions, version, key)
  } catch (error) {
    throw toOpeningError(error)
  } finally {
    await sessions.close()
  }
}

/** Before a registry is open, other errors of the server are about its permissions or its settings. */
function toOpeningError(error: unknown): unknown {
  const ofStore = toStoreError(error)
  return ofStore === error && asServerError(error)
    ? new RefusedByServer((error as Error).message, {cause: error})
    : ofStore
}
