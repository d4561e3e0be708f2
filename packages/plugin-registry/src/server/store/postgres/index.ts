import {assertUsable, migrate} from './migrate.js'
import {toOpeningError} from './opening-error.js'
import {PostgresPort} from './postgres-port.js'
import type {PostgresOptions} from './postgres-options.js'
import {Sessions} from './sessions.js'

export type {DatabaseClock} from './database-clock.js'
export type {PostgresOptions} from './postgres-options.js'
export type {ConnectionOptions} from './sessions.js'

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
