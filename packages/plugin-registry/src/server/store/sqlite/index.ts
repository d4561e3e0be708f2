import type {Port} from '../port.js'
import {Connection} from './connection.js'
import type {SqliteDriver} from './driver.js'
import {migrate} from './migrate.js'
import {SqlitePort} from './sqlite-port.js'

export interface SqliteOptions {
  driver: SqliteDriver
  path: string
  /** Called before an existing database is migrated. Can throw to prevent it. */
  beforeMigration?: () => void
}

/**
 * Opens and migrates a database file, which must exist but can be empty.
 *
 * @throws {NewerSchema} if a newer version has written it
 */
export async function openSqlite({driver, path, beforeMigration}: SqliteOptions): Promise<Port> {
  const connection = new Connection(driver, path)
  try {
    await migrate(connection, path, beforeMigration ?? (() => {}))
  } catch (error) {
    connection.close()
    throw error
  }
  connection.guard()
  connection.waitWithoutBlocking()
  return new SqlitePort(connection)
}
