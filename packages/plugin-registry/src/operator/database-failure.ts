import type {ApkgError} from '@apkg/command-kit'

import {isStorageFull} from '../server/operations/storage-full.js'
import {RefusedByServer, UnsafeServer, UnusableDatabase} from '../server/store/database-errors.js'
import {OutcomeUnknown, RegistryMoved, StoreBusy, StoreDamaged} from '../server/store/store-errors.js'
import {failure} from './failures.js'
import {onSamePlace} from './on-same-place.js'
import type {PlaceFlags} from './place.js'

/** Turns an error about a database into a failure of the command. @returns undefined for any other error */
export function databaseFailure(error: unknown, flags: PlaceFlags): ApkgError | undefined {
  if (error instanceof UnusableDatabase) return unusable(error.message, suggestionsFor(error.problem), flags)
  if (error instanceof UnsafeServer) return unusable(error.message, ['change the server, or use another one'], flags)
  if (error instanceof RefusedByServer) {
    return unusable(error.message, ['check the permissions of the role: see docs/registry/postgresql.md'], flags)
  }
  if (error instanceof RegistryMoved) return failure('REGISTRY_MOVED', {reason: error.message})
  if (error instanceof OutcomeUnknown) return failure('REGISTRY_DATABASE_OUTCOME_UNKNOWN')
  if (isStorageFull(error)) return failure('REGISTRY_DATABASE_FULL')
  if (error instanceof StoreDamaged) return unusable(error.message, ['restore the database'], flags)
  if (error instanceof StoreBusy) return failure('REGISTRY_DATABASE_UNAVAILABLE', {reason: error.message})
  return undefined
}

function unusable(reason: string, suggestions: string[], flags: PlaceFlags): ApkgError {
  const hints = suggestions.map((hint) => onSamePlace(hint, flags))
  return failure('REGISTRY_DATABASE_UNUSABLE', {reason, suggestions: hints})
}

function suggestionsFor(problem: UnusableDatabase['problem']): string[] {
  switch (problem) {
    case 'no-registry':
    case 'migration-pending':
      return ['run `apkg registry migrate`']
    case 'newer':
      return ['run `apkg plugins update`']
    case 'other-key':
      return ['pass the secret key that the registry was created with']
  }
}
