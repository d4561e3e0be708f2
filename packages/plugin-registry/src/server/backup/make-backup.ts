import {createHash} from 'node:crypto'
import {closeSync, openSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {setTimeout as sleep} from 'node:timers/promises'

import {openFileBlobs} from '../blobs/file-blobs.js'
import {type DataFolder, openDataFolder, UnusableDataFolder} from '../operations/data-folder.js'
import {isWithin, syncFile, syncFolder} from '../blobs/folders.js'
import {type ProcessLock, takeLock} from '../operations/process-lock.js'
import {loadSqlite, type SqliteDriver} from '../store/sqlite/driver.js'
import {inspectSnapshot, takeSnapshot} from '../store/sqlite/snapshot.js'
import {type BackupDescription, backupFiles, digestOfFile} from './backup-folder.js'
import {claimFolder} from './claim-folder.js'
import {copyBlob} from './copy-blob.js'

/** Another backup is being made, or garbage is being collected, and either has not ended in time. */
export class BackupBusy extends Error {
  override readonly name = 'BackupBusy'
}

/** A backup was to go where it would be lost with what it is of. */
export class BackupWithinData extends Error {
  override readonly name = 'BackupWithinData'
}

/** The tarball of a version, `@acme/tool@1.0.0`, is missing or not what was published. */
export class LostBlob extends Error {
  override readonly name = 'LostBlob'
  constructor(readonly version: string) {
    super(`the tarball of ${version} is missing or damaged`)
  }
}

export interface BackupOptions {
  /** The data folder; a server may be running on it. */
  folder: string
  /** Where the backup goes: an empty folder, or one to be made. */
  into: string
  /** Of this software. */
  version: string
  now: () => Date
}

/** How often the lock is asked for, and how long to wait in between, in milliseconds. */
const attempts = 300
const pause = 100

/**
 * Copies a registry as of one moment: the database first, then every tarball that it knows, and what describes both last.
 * Nothing is left in the folder where that fails.
 *
 * @throws UnusableDataFolder, NewerSchema, BackupWithinData, FolderNotEmpty, BackupBusy, LostBlob
 */
export async function makeBackup({folder, into, version, now}: BackupOptions): Promise<BackupDescription> {
  const source = openDataFolder(folder, {create: false})
  if (isWithin(folder, into)) throw new BackupWithinData()
  const driver = await loadSqlite()
  const files = backupFiles(into)
  const lock = await waitForLock(driver, source.collectionLock)
  try {
    claimFolder(into, 'blobs')
    try {
      const description = await copy(driver, source, files, {version, now})
      writeDescription(files.description, description)
      syncFolder(into)
      return description
    } catch (error) {
      const {description, database, key, blobs} = files
      const made = [description, draftOf(description), database, key, blobs]
      for (const file of made) rmSync(file, {recursive: true, force: true})
      throw error
    }
  } finally {
    lock.release()
  }
}

async function waitForLock(driver: SqliteDriver, file: string): Promise<ProcessLock> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const lock = takeLock(driver, file)
    if (lock) return lock
    await sleep(pause)
  }
  throw new BackupBusy()
}

async function copy(
  driver: SqliteDriver,
  source: DataFolder,
  files: ReturnType<typeof backupFiles>,
  {version, now}: Pick<BackupOptions, 'version' | 'now'>,
): Promise<BackupDescription> {
  closeSync(openSync(files.database, 'wx', 0o600))
  const createdAt = now().toISOString()
  takeSnapshot(driver, source.database, files.database)
  syncFile(files.database)
  const {damage, blobs, counts} = inspectSnapshot(driver, files.database)
  if (damage[0] !== undefined) throw new UnusableDataFolder(`${source.database} is damaged: ${damage[0]}`)

  const to = openFileBlobs(files.blobs)
  for (const blob of blobs) {
    if (!(await copyBlob(source.blobs, to, blob, now()))) throw new LostBlob(blob.version)
  }

  writeFileSync(files.key, source.key, {mode: 0o600, flag: 'wx'})
  syncFile(files.key)
  return {
    format: 1,
    version,
    createdAt,
    database: await digestOfFile(files.database),
    key: {sha256: createHash('sha256').update(source.key).digest('hex')},
    counts: {...counts, blobs: blobs.length, bytes: blobs.reduce((sum, {size}) => sum + size, 0)},
  }
}

/** Whole or not at all. */
function writeDescription(file: string, description: BackupDescription): void {
  const draft = draftOf(file)
  writeFileSync(draft, `${JSON.stringify(description, null, 2)}\n`, {mode: 0o600, flag: 'wx'})
  syncFile(draft)
  renameSync(draft, file)
}

function draftOf(file: string): string {
  return `${file}.part`
}
