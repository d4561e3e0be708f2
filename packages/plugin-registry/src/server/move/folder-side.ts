import {closeSync, existsSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'

import {folderSource} from '../backup/backup-source.js'
import {FolderNotEmpty} from '../backup/claim-folder.js'
import type {BlobStore} from '../blobs/blob-store.js'
import {makeFolder, syncFile, syncFolder} from '../blobs/folders.js'
import {dataFolderFiles, openDataFolder, restoringName} from '../operations/data-folder.js'
import {loadSqlite} from '../store/sqlite/driver.js'
import {openSqlite} from '../store/sqlite/index.js'
import {openSqliteTransaction} from '../store/sqlite/open-transaction.js'
import {type MoveSource, type MoveTarget, readMarkOf, type TransactionKind} from './move-side.js'

type OpenBlobs = (folder: string) => BlobStore

/** SQLite runs transactions one after another, so each sees all earlier changes. */
const kinds: Record<TransactionKind, 'read' | 'write'> = {read: 'read', settled: 'read', write: 'write', mark: 'write'}

/**
 * A registry in a data directory, with a current database.
 *
 * @param into the target, which must be elsewhere
 * @throws {UnusableDataFolder | BackupWithinData}
 */
export async function folderMoveSource(
  folder: string,
  {into, now, openBlobs}: {into: string; now: () => Date; openBlobs: OpenBlobs},
): Promise<MoveSource> {
  const backup = await folderSource({folder, into, now}, openBlobs)
  const {database, key} = openDataFolder(folder, {create: false})
  const driver = await loadSqlite()
  return {
    ...{name: folder, key, sealingKey: key},
    pauseCollection: (move) => backup.pauseCollection(move),
    openBlobs: () => backup.openBlobs(),
    begin: async (kind) => openSqliteTransaction(driver, database, kinds[kind]),
  }
}

/**
 * A data directory that is empty, missing, or claimed by an earlier run.
 *
 * @param key the secret key of the registry
 */
export async function folderMoveTarget(folder: string, key: Uint8Array, openBlobs: OpenBlobs): Promise<MoveTarget> {
  const driver = await loadSqlite()
  const files = dataFolderFiles(folder)
  // No registry is created or served while it exists.
  const building = path.join(folder, restoringName)
  const claim = path.join(building, 'move')
  const begin: MoveTarget['begin'] = async (kind) => openSqliteTransaction(driver, files.database, kinds[kind])
  const readMark = async () => (existsSync(files.database) ? readMarkOf({begin}) : undefined)
  return {
    ...{name: folder, sealingKey: key, begin, readMark},
    openBlobs: () => openBlobs(files.blobs),
    async prepare(id) {
      const isClaimed = existsSync(claim) ? readFileSync(claim, 'utf8') === id : (await readMark())?.id === id
      if (!isClaimed) {
        if (existsSync(folder) && readdirSync(folder).length > 0) throw new FolderNotEmpty(folder)
        makeFolder(building)
        writeFileSync(claim, id, {mode: 0o600, flag: 'wx', flush: true})
      }
      // Each run writes it, because an earlier one can have been interrupted before it was complete.
      writeFileSync(files.key, key, {mode: 0o600, flush: true})
    },
    async replaceRows(write) {
      makeFolder(building)
      const built = path.join(building, 'registry.db')
      for (const suffix of ['', '-wal', '-shm']) rmSync(built + suffix, {force: true})
      closeSync(openSync(built, 'wx', 0o600))
      await (await openSqlite({driver, path: built})).close()
      const transaction = openSqliteTransaction(driver, built, 'write')
      try {
        await write(transaction)
        await transaction.commit()
      } finally {
        await transaction.close()
      }
      syncFile(built)
      // From an earlier run, which was interrupted before the source was marked.
      for (const suffix of ['-wal', '-shm']) rmSync(files.database + suffix, {force: true})
      renameSync(built, files.database)
      syncFolder(folder)
      rmSync(building, {recursive: true})
    },
  }
}
