import {chmodSync, copyFileSync, createReadStream, existsSync, writeFileSync} from 'node:fs'

import type {BlobStore} from '../blobs/blob-store.js'
import {blobFile} from '../blobs/file-blobs.js'
import {syncFile} from '../blobs/folders.js'
import {openSqliteStore} from '../operations/open-sqlite-store.js'
import {voidCredentials, type VoidedCredentials} from '../operations/void-credentials.js'
import {loadSqlite} from '../store/sqlite/driver.js'
import type {RegistryStore} from '../store/store.js'
import {backupFiles, hashFile} from './backup-folder.js'
import {copyBlob} from './copy-blob.js'
import {DamagedBackup, type VerifiedBackup} from './verify-backup.js'

/** The place for the blobs already belongs to a registry. */
export class BlobsInUse extends Error {
  override readonly name = 'BlobsInUse'
}

/** A blob of the backup, at its new place. */
export type StoredBlob = Parameters<RegistryStore['blobs']['relocate']>[0][number]

/**
 * Copies the blobs of a backup.
 *
 * @param stored gets each blob that was stored, so that they can be removed after a failure
 * @throws {BlobsInUse | DamagedBackup}
 */
export async function storeBlobs(
  backup: string,
  {blobs}: VerifiedBackup,
  store: BlobStore,
  stored: StoredBlob[],
): Promise<void> {
  if ((await store.readHead()) !== undefined) throw new BlobsInUse()
  for (const {sha256, size} of blobs) {
    const file = blobFile(backupFiles(backup).blobs, sha256)
    const key = await copyBlob(existsSync(file) ? createReadStream(file) : undefined, store, {sha256, size})
    if (key === undefined) throw changedDuringRestore()
    stored.push({key, sha256, size})
  }
}

/**
 * Copies the database of a backup to a new file. Its blobs are at their new place, all sessions are revoked and all
 * tokens suspended.
 *
 * @param key the secret key of the registry
 * @throws {DamagedBackup}
 */
export async function stageDatabase(
  backup: string,
  {description}: VerifiedBackup,
  {file, key, blobs, now}: {file: string; key: Uint8Array; blobs: StoredBlob[]; now: number},
): Promise<VoidedCredentials> {
  copyFile(backupFiles(backup).database, file)
  if ((await hashFile(file)).sha256 !== description.database.sha256) throw changedDuringRestore()
  const store = await openSqliteStore({driver: await loadSqlite(), path: file, key})
  try {
    await store.blobs.relocate(blobs)
    return await voidCredentials(store, now)
  } finally {
    await store.close()
    syncFile(file)
  }
}

/** The copy is private (0600), whatever the mode of the source. */
export function copyFile(from: string, to: string): void {
  writeFileSync(to, '', {mode: 0o600, flag: 'wx'})
  copyFileSync(from, to)
  chmodSync(to, 0o600)
  syncFile(to)
}

function changedDuringRestore(): DamagedBackup {
  return new DamagedBackup(['it was changed during the restore'])
}
