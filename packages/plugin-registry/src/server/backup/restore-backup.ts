import {chmodSync, copyFileSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'

import {openFileBlobs} from '../blobs/file-blobs.js'
import {dataFolderFiles, restoringName} from '../operations/data-folder.js'
import {syncFile, syncFolder} from '../blobs/folders.js'
import {loadSqlite} from '../store/sqlite/driver.js'
import {openSqliteStore} from '../store/sqlite/index.js'
import {operator} from '../store/store.js'
import {type BackupDescription, backupFiles, digestOfFile} from './backup-folder.js'
import {claimFolder} from './claim-folder.js'
import {copyBlob} from './copy-blob.js'
import {DamagedBackup, verifyBackup} from './verify-backup.js'

export interface RestoreOptions {
  backup: string
  /** The data folder to be: an empty one, or one to be made. */
  folder: string
  now: () => Date
}

export interface Restored {
  description: BackupDescription
  /** How many were ended and suspended, as the backup does not know which of them were revoked after it. */
  sessions: number
  tokens: number
}

/**
 * Makes a data folder of a backup. The database appears in it last, when every session in it is ended and every token
 * suspended. Nothing is left in the folder where that fails.
 *
 * @throws DamagedBackup, FolderNotEmpty
 */
export async function restoreBackup({backup, folder, now}: RestoreOptions): Promise<Restored> {
  const {description, blobs} = await verifyBackup(backup)
  const saved = backupFiles(backup)
  claimFolder(folder, restoringName)
  const made = dataFolderFiles(folder)
  const restoring = path.join(folder, restoringName)
  try {
    const to = openFileBlobs(made.blobs)
    for (const blob of blobs) {
      if (!(await copyBlob(saved.blobs, to, blob, now()))) throw changedMeanwhile()
    }
    copyFile(saved.key, made.key)
    const database = path.join(restoring, 'registry.db')
    copyFile(saved.database, database)
    if ((await digestOfFile(database)).sha256 !== description.database.sha256) throw changedMeanwhile()
    const ended = await endCredentials(database, readFileSync(made.key), now().getTime())
    syncFile(database)
    renameSync(database, made.database)
    syncFolder(folder)
    rmSync(restoring, {recursive: true})
    return {description, ...ended}
  } catch (error) {
    for (const file of [restoring, ...Object.values(made)]) rmSync(file, {recursive: true, force: true})
    throw error
  }
}

function changedMeanwhile(): DamagedBackup {
  return new DamagedBackup(['it was changed while it was restored'])
}

/** For nobody else to read, whatever the modes in the backup became. */
function copyFile(from: string, to: string): void {
  writeFileSync(to, '', {mode: 0o600, flag: 'wx'})
  copyFileSync(from, to)
  chmodSync(to, 0o600)
  syncFile(to)
}

async function endCredentials(database: string, key: Uint8Array, now: number) {
  const store = await openSqliteStore({driver: await loadSqlite(), path: database, key})
  try {
    return {
      sessions: await store.sessions.endAll(operator, now),
      tokens: await store.tokens.suspendAll(operator, now),
    }
  } finally {
    await store.close()
  }
}
