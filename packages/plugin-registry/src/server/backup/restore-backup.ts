import {
  chmodSync,
  copyFileSync,
  createReadStream,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'

import type {BlobStore} from '../blobs/blob-store.js'
import {blobFile, openFileBlobs} from '../blobs/file-blobs.js'
import {dataFolderFiles, restoringName} from '../operations/data-folder.js'
import {syncFile, syncFolder} from '../blobs/folders.js'
import {loadSqlite} from '../store/sqlite/driver.js'
import {openSqliteStore} from '../operations/open-sqlite-store.js'
import {voidCredentials} from '../operations/void-credentials.js'
import {type BackupDescription, backupFiles, hashFile} from './backup-folder.js'
import {claimFolder} from './claim-folder.js'
import {copyBlob} from './copy-blob.js'
import {DamagedBackup, verifyBackup} from './verify-backup.js'

export interface RestoreOptions {
  backup: string
  /** The target, an empty directory or one to create. */
  folder: string
  /** Opens the store for the blobs. By default, it is in the data directory. */
  openBlobs?: ((folder: string) => BlobStore) | undefined
  now: () => Date
}

export interface Restored {
  description: BackupDescription
  /** How many were ended and suspended, because the backup doesn't show which were revoked later. */
  sessions: number
  tokens: number
}

/**
 * Creates a data directory from a backup. The database is moved into place last, after all sessions have been revoked
 * and all tokens suspended. If that fails, the target is left empty.
 *
 * @throws {DamagedBackup | FolderNotEmpty}
 */
export async function restoreBackup({
  backup,
  folder,
  now,
  openBlobs = openFileBlobs,
}: RestoreOptions): Promise<Restored> {
  const {description, blobs} = await verifyBackup(backup)
  const source = backupFiles(backup)
  claimFolder(folder, restoringName)
  const target = dataFolderFiles(folder)
  const restoring = path.join(folder, restoringName)
  const stored: StoredBlob[] = []
  let blobStore: BlobStore | undefined
  try {
    blobStore = openBlobs(target.blobs)
    if ((await blobStore.readHead()) !== undefined) throw new BlobsInUse()
    for (const {sha256, size} of blobs) {
      const file = blobFile(source.blobs, sha256)
      const key = await copyBlob(existsSync(file) ? createReadStream(file) : undefined, blobStore, {sha256, size})
      if (key === undefined) throw changedDuringRestore()
      stored.push({key, sha256, size})
    }
    copyFile(source.key, target.key)
    const database = path.join(restoring, 'registry.db')
    copyFile(source.database, database)
    if ((await hashFile(database)).sha256 !== description.database.sha256) throw changedDuringRestore()
    const ended = await prepareDatabase(database, readFileSync(target.key), stored, now().getTime())
    syncFile(database)
    renameSync(database, target.database)
    syncFolder(folder)
    rmSync(restoring, {recursive: true})
    return {description, ...ended}
  } catch (error) {
    for (const {key} of stored) await blobStore?.remove(key).catch(() => undefined)
    for (const file of [restoring, ...Object.values(target)]) rmSync(file, {recursive: true, force: true})
    throw error
  }
}

/** The place for the blobs already belongs to a registry. */
export class BlobsInUse extends Error {
  override readonly name = 'BlobsInUse'
}

function changedDuringRestore(): DamagedBackup {
  return new DamagedBackup(['it was changed during the restore'])
}

/** The copy is private (0600), whatever the mode of the source. */
function copyFile(from: string, to: string): void {
  writeFileSync(to, '', {mode: 0o600, flag: 'wx'})
  copyFileSync(from, to)
  chmodSync(to, 0o600)
  syncFile(to)
}

/** A blob of the backup, at its new place. */
interface StoredBlob {
  key: string
  sha256: string
  size: number
}

async function prepareDatabase(database: string, key: Uint8Array, blobs: StoredBlob[], now: number) {
  const store = await openSqliteStore({driver: await loadSqlite(), path: database, key})
  try {
    await store.blobs.relocate(blobs)
    return await voidCredentials(store, now)
  } finally {
    await store.close()
  }
}
