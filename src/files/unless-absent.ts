import {errorReason, failure, isAbsent} from '@apkg/command-kit'

/** Waits for a file operation. Returns undefined if the file doesn't exist; other system errors are passed on. */
export async function unlessAbsent<Found>(found: Promise<Found>): Promise<Found | undefined> {
  try {
    return await found
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

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
