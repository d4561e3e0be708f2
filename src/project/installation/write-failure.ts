import {errorCode, failure, isApkgError, errorReason} from '@apkg/command-kit'

/** `FILE_UNWRITABLE` for a system error; any other error unchanged. */
export function writeFailure(path: string, error: unknown): unknown {
  if (isApkgError(error) || errorCode(error) === undefined) return error
  return failure('FILE_UNWRITABLE', {path, reason: errorReason(error)}, {cause: error})
}
