import {createHash} from 'node:crypto'
import {closeSync, openSync, renameSync, rmSync, writeFileSync} from 'node:fs'

import {contentKey, openFileBlobs} from '../blobs/file-blobs.js'
import {assertOwnKey} from '../blobs/own-blobs.js'
import {UnusableDataFolder} from '../operations/data-folder.js'
import {syncFile, syncFolder} from '../blobs/folders.js'
import {loadSqlite} from '../store/sqlite/driver.js'
import {inspectSnapshot} from '../store/sqlite/snapshot.js'
import {type BackupDescription, backupFiles, hashFile} from './backup-folder.js'
import type {BackupSource} from './backup-source.js'
import {claimFolder} from './claim-folder.js'
import {copyBlob} from './copy-blob.js'

/** A tarball is missing or corrupt. */
export class LostBlob extends Error {
  override readonly name = 'LostBlob'
  /** @param version `@acme/tool@1.0.0` */
  constructor(readonly version: string) {
    super(`the tarball of ${version} is missing or corrupt`)
  }
}

export interface BackupOptions {
  /** The registry. Servers may be using it. */
  source: BackupSource
  /** The target, an empty directory or one to create. */
  into: string
  /** The version of this software. */
  version: string
  now: () => Date
}

/**
 * Copies a registry: first a snapshot of the database, then every tarball that it references, and last the description.
 * If that fails, the target is left empty.
 *
 * @throws {UnusableDataFolder | NewerSchema | FolderNotEmpty | BackupBusy | LostBlob}
 */
export async function makeBackup({source, into, version, now}: BackupOptions): Promise<BackupDescription> {
  const files = backupFiles(into)
  const pause = await source.pauseCollection()
  try {
    claimFolder(into, 'blobs')
    try {
      const description = await copy(source, files, {version, now})
      writeDescription(files.description, description)
      syncFolder(into)
      return description
    } catch (error) {
      const {description, database, building, key, blobs} = files
      const written = [description, draftOf(description), database, building, key, blobs]
      for (const file of written) rmSync(file, {recursive: true, force: true})
      throw error
    }
  } finally {
    await pause.release()
  }
}

async function copy(
  source: BackupSource,
  files: ReturnType<typeof backupFiles>,
  {version, now}: Pick<BackupOptions, 'version' | 'now'>,
): Promise<BackupDescription> {
  closeSync(openSync(files.database, 'wx', 0o600))
  const createdAt = now().toISOString()
  await source.takeSnapshot(files.database, files.building)
  syncFile(files.database)
  const {damage, blobs, counts} = inspectSnapshot(await loadSqlite(), files.database)
  if (damage[0] !== undefined) throw new UnusableDataFolder('damaged', `${source.name} is damaged: ${damage[0]}`)

  const from = source.openBlobs()
  const to = openFileBlobs(files.blobs, contentKey)
  for (const blob of blobs) {
    assertOwnKey(from, blob.key)
    const opened = await from.open(blob.key ?? contentKey(blob.sha256))
    if ((await copyBlob(opened?.bytes, to, blob)) === undefined) throw new LostBlob(blob.version)
  }

  writeFileSync(files.key, source.key, {mode: 0o600, flag: 'wx'})
  syncFile(files.key)
  return {
    format: 1,
    version,
    createdAt,
    database: await hashFile(files.database),
    key: {sha256: createHash('sha256').update(source.key).digest('hex')},
    counts: {...counts, blobs: blobs.length, bytes: blobs.reduce((sum, {size}) => sum + size, 0)},
  }
}

/** Renamed into place, so that it is never incomplete. */
function writeDescription(file: string, description: BackupDescription): void {
  const draft = draftOf(file)
  writeFileSync(draft, `${JSON.stringify(description, null, 2)}\n`, {mode: 0o600, flag: 'wx'})
  syncFile(draft)
  renameSync(draft, file)
}

function draftOf(file: string): string {
  return `${file}.part`
}
