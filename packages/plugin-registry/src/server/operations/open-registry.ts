import type {BlobStore} from '../blobs/blob-store.js'
import {openFileBlobs} from '../blobs/file-blobs.js'
import {openDataFolder, UnusableDataFolder} from './data-folder.js'
import {type ProcessLock, takeLock} from './process-lock.js'
import {loadSqlite} from '../store/sqlite/driver.js'
import {openSqliteStore} from '../store/sqlite/index.js'
import type {RegistryStore} from '../store/store.js'

/** Another process serves this data folder. */
export class AlreadyServed extends Error {
  constructor(folder: string) {
    super(`another \`apkg registry serve\` is running on ${folder}`)
    this.name = 'AlreadyServed'
  }
}

/** What a server works on. */
export interface OpenRegistry {
  store: RegistryStore
  blobs: BlobStore
  /** For the time that a collection of garbage takes; undefined while a backup is made. */
  takeCollectionLock: () => ProcessLock | undefined
}

/**
 * Opens a data folder to serve it; it is created where there is none. Closing the store lets go of the folder.
 *
 * @throws AlreadyServed, UnusableDataFolder, NewerSchema
 */
export async function openToServe(folder: string, onNoteFailure: (error: unknown) => void): Promise<OpenRegistry> {
  const files = openDataFolder(folder, {create: true})
  const driver = await loadSqlite()
  const lock = takeLock(driver, files.serveLock)
  if (!lock) throw new AlreadyServed(folder)
  try {
    const blobs = openFileBlobs(files.blobs)
    // Whoever was receiving these has ended.
    await blobs.sweepDrafts(Infinity)
    const store = await openSqliteStore({driver, path: files.database, key: files.key, onNoteFailure})
    return {
      store: closingWith(store, lock),
      blobs,
      takeCollectionLock: () => takeLock(driver, files.collectionLock),
    }
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
  let lock: ProcessLock | undefined
  const beforeMigration = () => {
    lock = takeLock(driver, serveLock)
    if (!lock) throw new UnusableDataFolder('the database has to be migrated: stop `apkg registry serve` first')
  }
  try {
    return await openSqliteStore({driver, path: database, key, beforeMigration})
  } finally {
    lock?.release()
  }
}

function closingWith(store: RegistryStore, lock: ProcessLock): RegistryStore {
  return {
    ...store,
    async close() {
      await store.close()
      lock.release()
    },
  }
}
