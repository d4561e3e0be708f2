import {deriveKey} from '../store/derive-key.js'
import {type DatabaseClock, migratePostgres, openPostgres, type PostgresOptions} from '../store/postgres/index.js'
import {createStore, type StoreOptions} from '../store/rules/index.js'
import type {RegistryStore} from '../store/store.js'

export type PostgresStoreOptions = PostgresOptions & Omit<StoreOptions, 'sealingKey'>

export interface PostgresStore {
  store: RegistryStore
  /** The clock of the database. */
  clock: DatabaseClock
}

/** The key for encrypted columns. With a data directory, it is the secret key itself. */
export function databaseSealingKey(key: Uint8Array): Uint8Array {
  return deriveKey(key, 'apkg sealed columns')
}

/**
 * Opens the store in a PostgreSQL database that `migrateRegistry` prepared.
 *
 * @throws {UnusableDatabase | UnsafeServer | RefusedByServer | StoreBusy}
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const port = await openPostgres(options)
  const store = createStore(port, {...options, sealingKey: databaseSealingKey(options.key)})
  try {
    // Asks for the time, too.
    await store.policy.read()
  } catch (error) {
    await store.close()
    throw error
  }
  return {store, clock: port.clock}
}

/**
 * Creates or updates the tables, and the first signing key.
 *
 * @returns the names of the migrations that were applied
 * @throws {UnusableDatabase | UnsafeServer | RefusedByServer | StoreBusy}
 */
export async function migrateRegistry(options: PostgresStoreOptions): Promise<string[]> {
  const applied = await migratePostgres(options)
  const {store, clock} = await openPostgresStore(options)
  try {
    await store.signingKeys.ensure(clock.now())
  } finally {
    await store.close()
  }
  return applied
}
