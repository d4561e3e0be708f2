import type {Ask, OpenTransaction} from '../port.js'
import {Connection} from './connection.js'
import type {SqliteDriver} from './driver.js'
import {SqlitePort} from './sqlite-port.js'

/**
 * Opens a transaction on a database file that has all tables.
 *
 * @param kind a transaction that reads sees one snapshot, which begins now
 * @throws {StoreBusy | StoreDamaged}
 */
export function openSqliteTransaction(driver: SqliteDriver, path: string, kind: 'read' | 'write'): OpenTransaction {
  const connection = new Connection(driver, path)
  try {
    connection.exec(kind === 'read' ? 'BEGIN' : 'BEGIN IMMEDIATE')
    connection.prepare('SELECT count(*) FROM names').get()
    return new SqliteTransaction(connection)
  } catch (error) {
    connection.close()
    throw error
  }
}

class SqliteTransaction implements OpenTransaction {
  readonly #port: SqlitePort
  #isOpen = true

  constructor(private readonly connection: Connection) {
    this.#port = new SqlitePort(connection)
  }

  readonly ask: OpenTransaction['ask'] = async (ask: Ask): Promise<never> => this.#port.ask<never>(ask as Ask<never>)

  async commit(): Promise<void> {
    this.connection.exec('COMMIT')
    this.#isOpen = false
    // Another transaction can be open for long.
    this.connection.close(0)
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return
    this.#isOpen = false
    try {
      // In one of the drivers, a closed connection keeps its transaction until its statements are garbage-collected.
      this.connection.exec('ROLLBACK')
    } catch {
      // SQLite itself ends a transaction after some errors.
    } finally {
      // Another transaction can be open for long.
      this.connection.close(0)
    }
  }
}
