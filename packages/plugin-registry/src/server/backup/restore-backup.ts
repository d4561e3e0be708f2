import {readFileSync, renameSync, rmSync} from 'node:fs'
import path from 'node:path'

import type {BlobStore} from '../blobs/blob-store.js'
import {openFileBlobs} from '../blobs/file-blobs.js'
import {syncFolder} from '../blobs/folders.js'
import {dataFolderFiles, restoringName} from '../operations/data-folder.js'
import type {VoidedCredentials} from '../operations/void-credentials.js'
import {type BackupDescription, backupFiles} from './backup-folder.js'
import {claimFolder} from './claim-folder.js'
import {copyFile, stageDatabase, storeBlobs, type StoredBlob} from './stage-restore.js'
import {verifyBackup} from './verify-backup.js'

export interface RestoreOptions {
  backup: string
  /** The target, an empty directory or one to create. */
  folder: string
  /** Opens the store for the blobs. By default, it is in the data directory. */
  openBlobs?: ((folder: string) => BlobStore) | undefined
  now: () => Date
}

/** With how many sessions and tokens were ended and suspended, because the backup doesn't show which were revoked later. */
export interface Restored extends VoidedCredentials {
  description: BackupDescription
}

/**
 * Creates a data directory from a backup. The database is moved into place last, after all sessions have been revoked
 * and all tokens suspended. If that fails, the target is left empty.
 *
 * @throws {DamagedBackup | FolderNotEmpty | BlobsInUse}
 */
export async function restoreBackup({
  backup,
  folder,
  now,
  openBlobs = openFileBlobs,
}: RestoreOptions): Promise<Restored> {
  const verified = await verifyBackup(backup)
  claimFolder(folder, restoringName)
  const target = dataFolderFiles(folder)
  const restoring = path.join(folder, restoringName)
  const stored: StoredBlob[] = []
  let blobStore: BlobStore | undefined
  try {
    blobStore = openBlobs(target.blobs)
    await storeBlobs(backup, verified, blobStore, stored)
    copyFile(backupFiles(backup).key, target.key)
    const file = path.join(restoring, 'registry.db')
    const staged = {file, key: readFileSync(target.key), blobs: stored, now: now().getTime()}
    const voided = await stageDatabase(backup, verified, staged)
    renameSync(file, target.database)
    syncFolder(folder)
    rmSync(restoring, {recursive: true})
    return {description: verified.description, ...voided}
  } catch (error) {
    for (const {key} of stored) await blobStore?.remove(key).catch(() => undefined)
    for (const file of [restoring, ...Object.values(target)]) rmSync(file, {recursive: true, force: true})
    throw error
  }
}
