import type {BlobStore} from '../blobs/blob-store.js'
import {openFileBlobs} from '../blobs/file-blobs.js'
import {isWithin} from '../blobs/folders.js'
import {openDataFolder} from '../operations/data-folder.js'
import type {PostgresStoreOptions} from '../operations/open-postgres-store.js'
import {loadSqlite} from '../store/sqlite/driver.js'
import {takeSnapshot} from '../store/sqlite/snapshot.js'
import {type CollectionPause, holdLease, pauseInFolder} from './pause-collection.js'

/** A registry that is backed up. */
export interface BackupSource {
  /** The database file or the URL of the database, for errors. */
  name: string
  key: Uint8Array
  /**
   * Keeps tarballs from being deleted until the pause is released.
   *
   * @param holder takes over a pause that it holds already
   * @throws {BackupBusy}
   */
  pauseCollection(holder?: string): Promise<CollectionPause>
  /**
   * Writes a snapshot of the database as SQLite.
   *
   * @param file exists, and is empty
   * @param building a directory that doesn't exist, for files that are deleted afterwards
   */
  takeSnapshot(file: string, building: string): Promise<void>
  openBlobs(): BlobStore
}

/** The target is inside the data directory. */
export class BackupWithinData extends Error {
  override readonly name = 'BackupWithinData'
}

/**
 * A registry in a data directory.
 *
 * @param openBlobs opens the blobs of the registry. By default, they are in the data directory.
 * @throws {UnusableDataFolder | BackupWithinData}
 */
export async function folderSource(
  {folder, into, now}: {folder: string; into: string; now: () => Date},
  openBlobs: (folder: string) => BlobStore = openFileBlobs,
): Promise<BackupSource> {
  const {database, key, blobs, collectionLock} = openDataFolder(folder, {create: false})
  if (isWithin(folder, into)) throw new BackupWithinData()
  const driver = await loadSqlite()
  return {
    name: database,
    key,
    pauseCollection: (holder) => pauseInFolder(driver, {database, key, collectionLock}, now, holder),
    takeSnapshot: async (file) => {
      takeSnapshot(driver, database, file)
    },
    openBlobs: () => openBlobs(blobs),
  }
}

/**
 * A registry in a PostgreSQL database.
 *
 * @param scratch a directory for tarballs that are being copied
 */
export function databaseSource(
  options: PostgresStoreOptions,
  scratch: string,
  openBlobs: (folder: string) => BlobStore,
): BackupSource {
  return {
    name: options.url,
    key: options.key,
    async pauseCollection() {
      const {openPostgresStore} = await import('../operations/open-postgres-store.js')
      const {store, clock} = await openPostgresStore(options)
      try {
        const pause = await holdLease(store, () => clock.now())
        return {release: () => pause.release().finally(() => store.close())}
      } catch (error) {
        await store.close()
        throw error
      }
    },
    async takeSnapshot(file, building) {
      const {copyFromPostgres} = await import('./database-copies.js')
      await copyFromPostgres(options, file, building)
    },
    openBlobs: () => openBlobs(scratch),
  }
}
