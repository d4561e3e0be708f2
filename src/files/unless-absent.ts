import {errorReason, failure, unlessAbsent} from '@apkg/command-kit'

/**
 * Like `unlessAbsent`, for an operation that reads `file`.
 *
 * @throws {ApkgError} `FILE_UNREADABLE`
 */
export async function readUnlessAbsent<Found>(file: string, found: Promise<Found>): Promise<Found | undefined> {
  try {
    return await unlessAbsent(found)
  } catch (error) {
    throw failure('FILE_UNREADABLE', {path: file, reason: errorReason(error)}, {cause: error})
  }
}
