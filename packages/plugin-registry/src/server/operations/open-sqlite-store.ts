import {createStore, type StoreOptions} from '../store/rules/index.js'
import {openSqlite, type SqliteOptions} from '../store/sqlite/index.js'
import type {RegistryStore} from '../store/store.js'

/**
 * Opens the store in a SQLite database file, which must exist but can be empty, and migrates it.
 *
 * @throws {NewerSchema} if it was written by a newer version
 */
export async function openSqliteStore(options: SqliteOptions & StoreOptions): Promise<RegistryStore> {
  return createStore(await openSqlite(options), options)
}
