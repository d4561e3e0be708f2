import {errorReason, isAbsent} from '@apkg/command-kit'

import {readUnlinkedSync} from '../../files/read-bounded-sync.js'
import {UnusableFile} from '../../files/unusable-file.js'
import {failure} from '../failures.js'

/** Bytes. */
const maxSize = 64 * 1024

/**
 * The URL of the registry whose tarballs are in a directory of the cache.
 *
 * @param file the one that holds it.
 * @returns undefined if it is absent, or isn't a file.
 * @throws {ApkgError} `FILE_UNREADABLE`.
 */
export function readLabel(file: string): string | undefined {
  try {
    return readUnlinkedSync(file, maxSize).toString('utf8')
  } catch (error) {
    if (isAbsent(error) || error instanceof UnusableFile) return undefined
    throw failure('FILE_UNREADABLE', {path: file, reason: errorReason(error)}, {cause: error})
  }
}
