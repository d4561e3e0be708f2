import {type ApkgError, shellPath} from '@apkg/command-kit'

import {BackupWithinData} from '../server/backup/backup-source.js'
import {FolderNotEmpty} from '../server/backup/claim-folder.js'
import {LostBlob} from '../server/backup/make-backup.js'
import {BackupBusy} from '../server/backup/pause-collection.js'
import {BlobsUnavailable} from '../server/blobs/blobs-unavailable.js'
import {BlobsElsewhere} from '../server/blobs/own-blobs.js'
import {type DataFolderProblem, UnusableDataFolder} from '../server/operations/data-folder.js'
import {AlreadyServed} from '../server/operations/open-registry.js'
import {isStorageFull} from '../server/operations/storage-full.js'
import {NewerSchema, OutcomeUnknown, RegistryMoved, StoreBusy, StoreDamaged} from '../server/store/store-errors.js'
import {failure} from './failures.js'
import {givenFlags} from './on-same-place.js'
import type {PlaceFlags} from './place.js'
import {systemReason} from './system-reason.js'

/** Turns an error about a data directory into a failure of the command. @throws any other error unchanged */
export function toDataFailure(error: unknown, folder: string): ApkgError {
  if (error instanceof AlreadyServed) return failure('REGISTRY_ALREADY_SERVED', {folder})
  if (error instanceof UnusableDataFolder) return unusable(error.message, suggestionsFor(error.problem, folder))
  if (error instanceof FolderNotEmpty) return failure('REGISTRY_FOLDER_NOT_EMPTY', {folder: error.folder})
  if (error instanceof LostBlob) return tarballLost(error, {data: folder})
  if (error instanceof BackupWithinData) return failure('BACKUP_WITHIN_DATA', {folder})
  if (error instanceof BackupBusy) return failure('BACKUP_BUSY')
  const known = blobFailure(error, folder) ?? storeFailure(error, folder)
  if (known) return known
  const reason = systemReason(error)
  if (reason !== undefined) return unusable(`${folder}: ${reason}`, [anotherDirectory])
  throw error
}

/** @param flags where the registry is */
export function tarballLost({version}: LostBlob, flags: PlaceFlags): ApkgError {
  return failure('REGISTRY_TARBALL_LOST', {version, place: givenFlags(flags)})
}

/**
 * Turns an error of the blob store into a failure of the command.
 *
 * @param place the data directory, or the URL of the database
 * @returns undefined for any other error
 */
export function blobFailure(error: unknown, place: string): ApkgError | undefined {
  if (error instanceof BlobsUnavailable) return failure('REGISTRY_BLOBS_UNAVAILABLE', {reason: error.message})
  if (error instanceof BlobsElsewhere) return failure('REGISTRY_BLOBS_ELSEWHERE', {folder: place})
  return undefined
}

/** Turns an error of the store into a failure of the command. @returns undefined for any other error */
export function storeFailure(error: unknown, folder: string): ApkgError | undefined {
  if (error instanceof NewerSchema) return failure('REGISTRY_DATA_NEWER', {reason: error.message})
  if (isStorageFull(error)) return failure('REGISTRY_DISK_FULL', {folder})
  if (error instanceof StoreDamaged) {
    return unusable(`${folder}/registry.db is damaged and was not changed`, suggestionsFor('damaged', folder))
  }
  if (error instanceof StoreBusy) return failure('REGISTRY_DATA_BUSY', {folder})
  if (error instanceof RegistryMoved) return failure('REGISTRY_MOVED', {reason: error.message})
  if (error instanceof OutcomeUnknown) return failure('REGISTRY_OUTCOME_UNKNOWN', {folder})
  return undefined
}

const anotherDirectory = 'pass another directory with --data'

function unusable(reason: string, suggestions: string[]): ApkgError {
  return failure('REGISTRY_DATA_UNUSABLE', {reason, suggestions})
}

function suggestionsFor(problem: DataFolderProblem, folder: string): string[] {
  switch (problem) {
    case 'no-registry':
      return [anotherDirectory, `run \`apkg registry serve --data ${shellPath(folder)}\` to create a registry`]
    case 'is-backup':
      return ['restore it into another directory with `apkg registry restore`']
    case 'restore-unfinished':
      return ['wait for the restore to finish', 'if it is no longer running, delete the directory and restore again']
    case 'not-private':
      return [`run \`chmod 700 ${shellPath(folder)}\``, anotherDirectory]
    case 'key-missing':
      return ['restore the secret.key that belongs to this database']
    case 'key-damaged':
    case 'damaged':
      return ['restore a backup into another directory with `apkg registry restore`']
    case 'migration-pending':
      return ['stop `apkg registry serve`, and run the command again']
  }
}
