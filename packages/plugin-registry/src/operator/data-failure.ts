import type {ApkgError} from '@apkg/command-kit'

import {FolderNotEmpty} from '../server/backup/claim-folder.js'
import {BackupBusy, BackupWithinData, LostBlob} from '../server/backup/make-backup.js'
import {UnusableDataFolder} from '../server/operations/data-folder.js'
import {AlreadyServed} from '../server/operations/open-registry.js'
import {isStorageFull} from '../server/operations/storage-full.js'
import {NewerSchema, StoreBusy, StoreDamaged} from '../server/store/store-errors.js'
import {failure} from './failures.js'
import {systemReason} from './system-reason.js'

/** What went wrong with a data folder, as a failure of the command; anything else is thrown on as it is. */
export function toDataFailure(error: unknown, folder: string): ApkgError {
  if (error instanceof AlreadyServed) return failure('REGISTRY_ALREADY_SERVED', {folder})
  if (error instanceof NewerSchema) return failure('REGISTRY_DATA_NEWER', {reason: error.message})
  if (error instanceof UnusableDataFolder) return failure('REGISTRY_DATA_UNUSABLE', {reason: error.message})
  if (error instanceof FolderNotEmpty) return failure('REGISTRY_FOLDER_NOT_EMPTY', {folder: error.folder})
  if (error instanceof LostBlob) return failure('REGISTRY_TARBALL_LOST', {version: error.version})
  if (error instanceof BackupWithinData) return failure('BACKUP_WITHIN_DATA', {folder})
  if (error instanceof BackupBusy) return failure('BACKUP_BUSY')
  if (isStorageFull(error)) return failure('REGISTRY_DISK_FULL', {folder})
  if (error instanceof StoreDamaged) {
    return failure('REGISTRY_DATA_UNUSABLE', {reason: `${folder}/registry.db is damaged; it was left as it is`})
  }
  if (error instanceof StoreBusy) return failure('REGISTRY_DATA_BUSY', {folder})
  const reason = systemReason(error)
  if (reason !== undefined) return failure('REGISTRY_DATA_UNUSABLE', {reason: `${folder}: ${reason}`})
  throw error
}
