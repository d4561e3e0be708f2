import {randomBytes} from 'node:crypto'
import {closeSync, openSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'

import {failure, makeFolder, reasonOf} from '@apkg/command-kit'

/** What a file is called until it is whole. */
export const unfinishedName = /^\.[0-9a-f]{16}\.tmp$/

/**
 * Puts a file into the cache: for its owner only from its first byte, and under its name only once it is whole, so that
 * processes that put the same file there do not meet.
 *
 * System calls are synchronous, since most files are small: a thread's hop costs more than such a write.
 *
 * @param content where it throws, there is no file.
 * @throws {ApkgError} `FILE_UNWRITABLE`; what `content` throws.
 */
export async function putFile(file: string, content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> {
  const unfinished = path.join(path.dirname(file), `.${randomBytes(8).toString('hex')}.tmp`)
  const descriptor = orUnwritable(file, () => create(unfinished))
  try {
    try {
      for await (const bytes of content) {
        // On a descriptor it goes on from where the last one ended.
        orUnwritable(file, () => {
          writeFileSync(descriptor, bytes)
        })
      }
    } finally {
      closeSync(descriptor)
    }
    orUnwritable(file, () => {
      renameSync(unfinished, file)
    })
  } catch (error) {
    discard(unfinished)
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
    // What cannot be removed is emptied with the cache.
  }
}

function orUnwritable<Result>(file: string, write: () => Result): Result {
  try {
    return write()
  } catch (error) {
    throw failure('FILE_UNWRITABLE', {path: file, reason: reasonOf(error)}, {cause: error})
  }
}
