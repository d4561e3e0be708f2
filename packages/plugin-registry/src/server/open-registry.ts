import {openDataFolder, UnusableDataFolder} from './data-folder.js'
import {type ServeLock, takeServeLock} from './serve-lock.js'
import {loadSqlite} from './store/sqlite/driver.js'
import {openSqliteStore} from './store/sqlite/index.js'
import type {RegistryStore} from './store/store.js'

/** Another process serves this data folder. */
export class AlreadyServed extends Error {
  constructor(folder: string) {
    super(`another \`apkg registry serve\` is running on ${folder}`)
    this.name = 'AlreadyServed'
  }
}

/**
 * Opens the store of a data folder to serve it; the folder is created where there is none.
 *
 * @throws AlreadyServed, UnusableDataFolder, NewerSchema
 */
export async function openToServe(folder: string, onNoteFailure: (error: unknown) => void): Promise<RegistryStore> {
  const {database, serveLock, key} = openDataFolder(folder, {create: true})
  const driver = await loadSqlite()
  const lock = takeServeLock(driver, serveLock)
  if (!lock) throw new AlreadyServed(folder)
  try {
    const store = await openSqliteStore({driver, path: database, key, onNoteFailure})
    return closingWith(store, lock)
  } catch (error) {
    lock.release()
    throw error
  }
}

/**
 * Opens the store of a data folder beside a server that may be running on it. It migrates an older database only where
 * none is.
 *
 * @throws UnusableDataFolder, NewerSchema
 */
export async function openBesideServer(folder: string, options: {create: boolean}): Promise<RegistryStore> {
  const {database, serveLock, key} = openDataFolder(folder, options)
  const driver = await loadSqlite()
  let lock: ServeLock | undefined
  const beforeMigration = () => {
    lock = takeServeLock(driver, serveLock)
    if (!lock) throw new UnusableDataFolder('the database has to be migrated: stop `apkg registry serve` first')
  }
  try {
    return await openSqliteStore({driver, path: database, key, beforeMigration})
  } finally {
    lock?.release()
  }
}

function closingWith(store: RegistryStore, lock: ServeLock): RegistryStore {
  return {
    ...store,
    async close() {
      await store.close()
      lock.release()
    },
  }
}
