import type {BlobStore} from '../blobs/blob-store.js'
import {openFileBlobs} from '../blobs/file-blobs.js'
import {assertOwnKey} from '../blobs/own-blobs.js'
import {openDataFolder, UnusableDataFolder} from './data-folder.js'
import {type ProcessLock, takeLock} from './process-lock.js'
import {loadSqlite} from '../store/sqlite/driver.js'
import {openSqliteStore} from './open-sqlite-store.js'
import type {RegistryStore} from '../store/store.js'

export class AlreadyServed extends Error {
  override readonly name = 'AlreadyServed'
  constructor(folder: string) {
    super(`another server is using ${folder}`)
  }
}

export interface OpenRegistry {
  store: RegistryStore
  blobs: BlobStore
}

/**
 * Opens a data directory to serve it, or creates one. Closing the store releases the directory.
 *
 * @param openBlobs opens the blobs, with drafts in a directory. By default, blobs are in that directory, too.
 * @throws {AlreadyServed | UnusableDataFolder | NewerSchema | BlobsElsewhere | RegistryMoved}
 */
export async function openToServe(
  folder: string,
  onRecordFailure: (error: unknown) => void,
  openBlobs: (folder: string) => BlobStore = openFileBlobs,
): Promise<OpenRegistry> {
  const files = openDataFolder(folder, {create: true})
  const driver = await loadSqlite()
  const lock = takeLock(driver, files.serveLock)
  if (!lock) throw new AlreadyServed(folder)
  try {
    const blobs = openBlobs(files.blobs)
    // The process that was receiving these uploads has ended.
    await blobs.sweepDrafts(Infinity)
    const store = await openSqliteStore({driver, path: files.database, key: files.key, onRecordFailure})
    try {
      assertOwnKey(blobs, await store.blobs.anyKey())
      await store.policy.read()
    } catch (error) {
      await store.close()
      throw error
    }
    return {store: releasingOnClose(store, lock), blobs}
  } catch (error) {
    lock.release()
    throw error
  }
}

/**
 * Opens the store of a data directory that a server may be using. It migrates an older database only if no server is
 * running.
 *
 * @throws {UnusableDataFolder | NewerSchema | RegistryMoved}
 */
export async function openForCommand(folder: string, options: {create: boolean}): Promise<RegistryStore> {
  const {database, serveLock, key} = openDataFolder(folder, options)
  const driver = await loadSqlite()
  let lock: ProcessLock | undefined
  const beforeMigration = () => {
    lock = takeLock(driver, serveLock)
    if (!lock)
      throw new UnusableDataFolder('migration-pending', 'the database needs a migration, but a server is running')
  }
  try {
    const store = await openSqliteStore({driver, path: database, key, beforeMigration})
    try {
      await store.policy.read()
      return store
    } catch (error) {
      await store.close()
      throw error
    }
  } finally {
    lock?.release()
  }
}

function releasingOnClose(store: RegistryStore, lock: ProcessLock): RegistryStore {
  return {
    ...store,
    async close() {
      await store.close()
      lock.release()
    },
  }
}
