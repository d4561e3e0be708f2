import {randomBytes} from 'node:crypto'
import {closeSync, openSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'

import {failure, makeFolder, errorReason} from '@apkg/command-kit'

/** The name of a file that is still being written. */
export const temporaryName = /^\.[0-9a-f]{16}\.tmp$/

/**
 * Writes a file to the cache with mode 0600. It is renamed into place when complete, so that processes can write the same
 * file at the same time.
 *
 * Writes are synchronous because most files are small, and switching threads costs more than the write.
 *
 * @param content if it throws, no file is left behind.
 * @throws {ApkgError} `FILE_UNWRITABLE`; the errors of `content`.
 */
export async function putFile(file: string, content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> {
  const temporary = path.join(path.dirname(file), `.${randomBytes(8).toString('hex')}.tmp`)
  const descriptor = orUnwritable(file, () => create(temporary))
  try {
    try {
      for await (const bytes of content) {
        // With a descriptor, each write continues where the last one ended.
        orUnwritable(file, () => {
          writeFileSync(descriptor, bytes)
        })
      }
    } finally {
      closeSync(descriptor)
    }
    orUnwritable(file, () => {
      renameSync(temporary, file)
    })
  } catch (error) {
    discard(temporary)
    throw error
  }
}

function create(file: string): number {
  makeFolder(path.dirname(file))
  return openSync(file, 'wx', 0o600)
}

function discard(file: string): void {
  try {
    rmSync(file, {force: true})
  } catch {
    // `apkg cache clean` removes it.
  }
}

function orUnwritable<Result>(file: string, write: () => Result): Result {
  try {
    return write()
  } catch (error) {
    throw failure('FILE_UNWRITABLE', {path: file, reason: errorReason(error)}, {cause: error})
  }
}
