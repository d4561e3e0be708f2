import path from 'node:path'

import {isApkgError} from '@apkg/command-kit'

import {type BackupSource, databaseSource, folderSource} from '../server/backup/backup-source.js'
import {LostBlob, makeBackup} from '../server/backup/make-backup.js'
import {OtherSecretKey} from '../server/backup/other-secret-key.js'
import {restoreBackup, type Restored} from '../server/backup/restore-backup.js'
import {BlobsInUse} from '../server/backup/stage-restore.js'
import {DamagedBackup, verifyBackup} from '../server/backup/verify-backup.js'
import type {BackupDescription} from '../server/backup/backup-folder.js'
import type {PostgresStoreOptions} from '../server/operations/open-postgres-store.js'
import {isStorageFull} from '../server/operations/storage-full.js'
import {DatabaseInUse} from '../server/store/copy/unused-registry.js'
import {blobFailure, tarballLost, toDataFailure} from './data-failure.js'
import {dataFolderPath} from './data-folder-path.js'
import {failure} from './failures.js'
import {assertBucket, blobOpener} from './open-blobs.js'
import {openScratch} from './open-scratch.js'
import type {Place, PlaceFlags} from './place.js'

/** The backup. */
export interface BackupSummary {
  /** Absolute path of the backup. */
  backup: string
  /**
   * When the snapshot was taken.
   *
   * @format date-time
   */
  createdAt: string
  counts: BackupCounts
}

/** Number of items in the backup. */
export interface BackupCounts {
  users: number
  packages: number
  versions: number
  /** Number of tarballs. */
  blobs: number
  /** Total size of the tarballs, in bytes. */
  bytes: number
}

/** The backup that was restored or verified. */
export interface RestoreSummary extends BackupSummary {
  /** The restored data; null if the backup was only verified. */
  restored: RestoredData | null
}

/** The result of restoring a backup. */
export interface RestoredData {
  /** Absolute path of the data directory; null for a database. */
  folder: string | null
  /** URL of the database; null for a data directory. */
  database: string | null
  /** Number of sessions that were revoked. */
  sessionsEnded: number
  /** Number of tokens that were suspended. */
  tokensSuspended: number
}

/** @throws {ApkgError} `USAGE`, `REGISTRY_*`, `BACKUP_BUSY`, `BACKUP_WITHIN_DATA` */
export async function backUp(backup: string, place: Place): Promise<BackupSummary> {
  const {flags, version, ports} = place
  const into = path.resolve(backup)
  const openBlobs = await blobOpener(flags.blobs, ports)
  const make = async (source: BackupSource) => summary(into, await makeBackup({source, into, version, now: ports.now}))
  if (flags.database === undefined) {
    const folder = dataFolderPath(flags.data, ports)
    try {
      return await make(await folderSource({folder, into, now: ports.now}, openBlobs))
    } catch (error) {
      throw toDataFailure(error, isStorageFull(error) ? into : folder)
    }
  }
  return withDatabase(place, (database, scratch) => make(databaseSource(database, scratch, openBlobs))).catch(
    (error: unknown) => {
      throw isApkgError(error) ? error : backupFailure(error, into, flags)
    },
  )
}

/** @throws {ApkgError} `USAGE`, `BACKUP_DAMAGED`, `REGISTRY_*` */
export async function restore(
  {backup: given, verifyOnly}: {backup: string; verifyOnly: boolean},
  place: Place,
): Promise<RestoreSummary> {
  const backup = path.resolve(given)
  const {data, database, blobs} = place.flags
  const folder = dataFolderPath(data, place.ports)
  try {
    if (verifyOnly) return {...summary(backup, (await verifyBackup(backup)).description), restored: null}
    const {description, sessions, tokens} = await restoreAt(backup, place, folder)
    const restored = {sessionsEnded: sessions, tokensSuspended: tokens}
    const where = {folder: database === undefined ? folder : null, database: database ?? null}
    return {...summary(backup, description), restored: {...where, ...restored}}
  } catch (error) {
    if (isApkgError(error)) throw error
    if (error instanceof BlobsInUse) throw failure('REGISTRY_BLOBS_IN_USE', {blobs: blobs ?? folder})
    if (error instanceof DamagedBackup) throw failure('BACKUP_DAMAGED', {folder: backup, problems: error.problems})
    if (database !== undefined) throw backupFailure(error, backup, place.flags)
    throw toDataFailure(error, verifyOnly ? backup : folder)
  }
}

async function restoreAt(backup: string, place: Place, folder: string): Promise<Restored> {
  const {flags, ports} = place
  const openBlobs = await blobOpener(flags.blobs, ports)
  if (flags.database === undefined) return restoreBackup({backup, folder, now: ports.now, openBlobs})
  return withDatabase(place, async (database, scratch) => {
    const {restoreToDatabase} = await import('../server/backup/restore-to-database.js')
    return restoreToDatabase({backup, database, scratch, openBlobs, now: ports.now})
  })
}

/** Connects to the database of `--database`, with a directory for tarballs that are being copied. */
async function withDatabase<Result>(
  place: Place,
  work: (connection: PostgresStoreOptions, scratch: string) => Promise<Result>,
): Promise<Result> {
  assertBucket(place.flags)
  const {connectionTo, toDatabaseFailure} = await import('./open-database.js')
  const connection = connectionTo(place)
  const scratch = await openScratch()
  try {
    return await work(connection, scratch.folder)
  } catch (error) {
    throw toDatabaseFailure(error, place)
  } finally {
    scratch.release()
  }
}

/** Returns the failure for an error during the backup or restore of a database. */
function backupFailure(error: unknown, folder: string, flags: PlaceFlags): unknown {
  const {database = ''} = flags
  if (error instanceof DatabaseInUse) return failure('REGISTRY_DATABASE_IN_USE', {database})
  if (error instanceof OtherSecretKey) return failure('BACKUP_OTHER_KEY', {folder})
  if (error instanceof LostBlob) return tarballLost(error, flags)
  return blobFailure(error, database) ?? toDataFailure(error, folder)
}

function summary(backup: string, {createdAt, counts}: BackupDescription): BackupSummary {
  return {backup, createdAt, counts}
}
