import {errorCode, failure, isApkgError, reasonOf} from '@apkg/command-kit'

/** The failure for an error of the operating system that stopped a write; any other error as it is. */
export function writeFailure(path: string, error: unknown): unknown {
  if (isApkgError(error) || errorCode(error) === undefined) return error
  return failure('FILE_UNWRITABLE', {path, reason: reasonOf(error)}, {cause: error})
}
