import {readFile} from 'node:fs'
import {promisify} from 'node:util'

import {closeOpened, openBounded, readOpened} from './read-bounded-sync.js'

/** Bytes. Handing a smaller file to another thread takes longer than reading it. */
const maxSyncSize = 1024 * 1024

/**
 * Reads an untrusted file of a project. Refuses anything but regular files, because a pipe or a device may never end.
 *
 * @param maxSize bytes.
 * @throws {UnusableFile}; system errors.
 */
export async function readBounded(file: string, maxSize: number): Promise<Buffer> {
  const opened = openBounded(file, maxSize)
  if (opened.size <= maxSyncSize) return readOpened(opened, maxSize)
  try {
    return await promisify(readFile)(opened.descriptor)
  } finally {
    closeOpened(opened)
  }
}
