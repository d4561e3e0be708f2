import {isApkgError, type ApkgError} from '@apkg/command-kit'

import {migrateRegistry, openPostgresStore, type PostgresStore} from '../server/operations/open-postgres-store.js'
import {databaseFailure} from './database-failure.js'
import {findPassword} from './database-password.js'
import type {Place} from './place.js'
import {readSecretKey} from './secret-key.js'

// This is the only file of the commands that loads pg, so it's imported only if `--database` is used.

/** The connections of a command. Most use one at a time. */
const commandPool = 2

/**
 * Opens the store in the database of `--database`.
 *
 * @param pool how many connections to use
 * @throws {ApkgError} `REGISTRY_*`, `USAGE`
 */
export async function openDatabase(
  place: Place,
  pool = commandPool,
  onRecordFailure?: (error: unknown) => void,
): Promise<PostgresStore> {
  const options = {...connectionTo(place), pool, ...(onRecordFailure && {onRecordFailure})}
  return openPostgresStore(options).catch((error: unknown) => {
    throw toDatabaseFailure(error, place)
  })
}

/**
 * Creates or updates the tables of a registry.
 *
 * @returns the names of the migrations that were applied
 * @throws {ApkgError} `REGISTRY_*`, `USAGE`
 */
export async function migrateDatabase(place: Place): Promise<string[]> {
  return migrateRegistry({...connectionTo(place), pool: 1}).catch((error: unknown) => {
    throw toDatabaseFailure(error, place)
  })
}

/** How to connect to the database of `--database`. @throws {ApkgError} `USAGE`, `REGISTRY_SECRET_KEY_UNUSABLE` */
export function connectionTo({flags, version, ports}: Place) {
  const {database = '', 'secret-key-file': keyFile} = flags
  return connectionWith(database, readSecretKey(keyFile, ports), {version, ports})
}

/** How to connect to a database that belongs to a secret key, or will. */
export function connectionWith(url: string, key: Uint8Array, {version, ports}: Omit<Place, 'flags'>) {
  return {
    ...{url, version, key, pool: commandPool},
    password: async (server: Parameters<typeof findPassword>[0]) => findPassword(server, ports),
  }
}

/** Turns an error about the database into a failure of the command. @throws any other error unchanged */
export function toDatabaseFailure(error: unknown, place: Place): ApkgError {
  // The password file is read while a connection is opened.
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (isApkgError(cause)) return cause
  const known = databaseFailure(error, place.flags)
  if (known) return known
  throw error
}
