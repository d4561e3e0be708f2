import type {ApkgError} from '@apkg/command-kit'

import {FolderNotEmpty} from '../server/backup/claim-folder.js'
import {BackupBusy, BackupWithinData, LostBlob} from '../server/backup/make-backup.js'
import {UnusableDataFolder} from '../server/operations/data-folder.js'
import {AlreadyServed} from '../server/operations/open-registry.js'
import {isFull} from '../server/store/storage-full.js'
import {isBusy, isDamaged} from '../server/store/sqlite/error-kinds.js'
import {NewerSchema} from '../server/store/sqlite/migrate.js'
import {operatorFailure} from './failures.js'
import {systemReason} from './system-reason.js'

/** What went wrong with a data folder, as a failure of the command; anything else is thrown on as it is. */
export function toDataFailure(error: unknown, folder: string): ApkgError {
  if (error instanceof AlreadyServed) return operatorFailure('REGISTRY_ALREADY_SERVED', {folder})
  if (error instanceof NewerSchema) return operatorFailure('REGISTRY_DATA_NEWER', {reason: error.message})
  if (error instanceof UnusableDataFolder) return operatorFailure('REGISTRY_DATA_UNUSABLE', {reason: error.message})
  if (error instanceof FolderNotEmpty) return operatorFailure('REGISTRY_FOLDER_NOT_EMPTY', {folder: error.folder})
  if (error instanceof LostBlob) return operatorFailure('REGISTRY_TARBALL_LOST', {version: error.version})
  if (error instanceof BackupWithinData) return operatorFailure('BACKUP_WITHIN_DATA', {folder})
  if (error instanceof BackupBusy) return operatorFailure('BACKUP_BUSY')
  if (isFull(error)) return operatorFailure('REGISTRY_DISK_FULL', {folder})
  if (isDamaged(error)) {
    return operatorFailure('REGISTRY_DATA_UNUSABLE', {reason: `${folder}/registry.db is damaged; it was left as it is`})
  }
  if (isBusy(error)) return operatorFailure('REGISTRY_DATA_BUSY', {folder})
  const reason = systemReason(error)
  if (reason !== undefined) return operatorFailure('REGISTRY_DATA_UNUSABLE', {reason: `${folder}: ${reason}`})
  throw error
}
