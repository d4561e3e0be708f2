import path from 'node:path'

import {failure as usage} from '@apkg/command-kit'

import {makeBackup} from '../server/backup/make-backup.js'
import {BlobsInUse, restoreBackup} from '../server/backup/restore-backup.js'
import {DamagedBackup, verifyBackup} from '../server/backup/verify-backup.js'
import type {BackupDescription} from '../server/backup/backup-folder.js'
import {isStorageFull} from '../server/operations/storage-full.js'
import {toDataFailure} from './data-failure.js'
import {dataFolderPath} from './data-folder-path.js'
import {failure} from './failures.js'
import {blobOpener} from './open-blobs.js'
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
  /** Absolute path of the data directory. */
  folder: string
  /** Number of sessions that were revoked. */
  sessionsEnded: number
  /** Number of tokens that were suspended. */
  tokensSuspended: number
}

/** @throws {ApkgError} `USAGE`, `REGISTRY_*`, `BACKUP_BUSY`, `BACKUP_WITHIN_DATA` */
export async function backUp(backup: string, {flags, version, ports}: Place): Promise<BackupSummary> {
  assertDataFolder(flags, 'backup')
  const {data, blobs} = flags
  const folder = dataFolderPath(data, ports)
  const into = path.resolve(backup)
  const openBlobs = await blobOpener(blobs, ports)
  const description = await makeBackup({folder, into, version, now: ports.now, openBlobs}).catch((error: unknown) => {
    throw toDataFailure(error, isStorageFull(error) ? into : folder)
  })
  return summary(into, description)
}

/** @throws {ApkgError} `USAGE`, `BACKUP_DAMAGED`, `REGISTRY_*` */
export async function restore(
  {backup: given, verifyOnly}: {backup: string; verifyOnly: boolean},
  {flags, ports}: Place,
): Promise<RestoreSummary> {
  assertDataFolder(flags, 'restore')
  const {data, blobs} = flags
  const backup = path.resolve(given)
  const folder = dataFolderPath(data, ports)
  try {
    if (verifyOnly) return {...summary(backup, (await verifyBackup(backup)).description), restored: null}
    const {description, sessions, tokens} = await restoreBackup({
      ...{backup, folder, now: ports.now},
      openBlobs: await blobOpener(blobs, ports),
    })
    return {...summary(backup, description), restored: {folder, sessionsEnded: sessions, tokensSuspended: tokens}}
  } catch (error) {
    if (error instanceof BlobsInUse) throw failure('REGISTRY_BLOBS_IN_USE', {blobs: blobs ?? folder})
    if (error instanceof DamagedBackup) throw failure('BACKUP_DAMAGED', {folder: backup, problems: error.problems})
    throw toDataFailure(error, verifyOnly ? backup : folder)
  }
}

/** @throws {ApkgError} `USAGE` for a registry on PostgreSQL */
function assertDataFolder({database}: PlaceFlags, command: 'backup' | 'restore'): void {
  if (database === undefined) return
  throw usage('USAGE', {
    message: `\`apkg registry ${command}\` does not support --database yet`,
    suggestions: [
      command === 'backup'
        ? 'back up the database with `pg_dump` or its snapshots, the bucket, and the secret key'
        : 'restore the database with `pg_restore`, then run `apkg registry recovered`',
    ],
  })
}

function summary(backup: string, {createdAt, counts}: BackupDescription): BackupSummary {
  return {backup, createdAt, counts}
}
