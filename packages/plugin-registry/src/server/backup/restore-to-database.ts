import {readFileSync} from 'node:fs'
import path from 'node:path'

import type {BlobStore} from '../blobs/blob-store.js'
import {migratePostgres, type PostgresOptions} from '../store/postgres/index.js'
import {OutcomeUnknown} from '../store/store-errors.js'
import {backupFiles} from './backup-folder.js'
import {assertDatabaseUnused, copyToPostgres} from './database-copies.js'
import {OtherSecretKey} from './other-secret-key.js'
import type {Restored} from './restore-backup.js'
import {stageDatabase, storeBlobs, type StoredBlob} from './stage-restore.js'
import {verifyBackup} from './verify-backup.js'

export interface DatabaseRestoreOptions {
  backup: string
  database: PostgresOptions
  /** An empty private directory of this process. */
  scratch: string
  openBlobs: (folder: string) => BlobStore
  now: () => Date
}

/**
 * Restores a backup to a PostgreSQL database that no registry uses. It gets its tables if it has none. All rows are
 * written in one transaction.
 *
 * @throws {DamagedBackup | OtherSecretKey | DatabaseInUse | BlobsInUse}
 * @throws {OutcomeUnknown} if the rows may have been written. The blobs are kept.
 */
export async function restoreToDatabase({
  backup,
  database,
  scratch,
  openBlobs,
  now,
}: DatabaseRestoreOptions): Promise<Restored> {
  const verified = await verifyBackup(backup)
  const {key} = database
  if (!readFileSync(backupFiles(backup).key).equals(key)) throw new OtherSecretKey()
  await migratePostgres(database)
  await assertDatabaseUnused(database)
  const blobStore = openBlobs(scratch)
  const stored: StoredBlob[] = []
  try {
    await storeBlobs(backup, verified, blobStore, stored)
    const file = path.join(scratch, 'registry.db')
    const voided = await stageDatabase(backup, verified, {file, key, blobs: stored, now: now().getTime()})
    await copyToPostgres(file, database)
    return {description: verified.description, ...voided}
  } catch (error) {
    if (error instanceof OutcomeUnknown) throw error
    for (const {key: blob} of stored) await blobStore.remove(blob).catch(() => undefined)
    throw error
  }
}
