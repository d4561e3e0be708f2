import {closeSync, constants, fstatSync, openSync, readSync} from 'node:fs'

import {systemReason} from './system-reason.js'

/** In bytes. */
const maxFileSize = 4096

/**
 * Reads a small file with a secret, which other users must not be able to read or change.
 *
 * @param refuse creates the error to throw. The reason doesn't repeat the content.
 */
export function readPrivateFile(path: string, refuse: (reason: string) => Error): string {
  return readPrivateBytes(path, refuse).toString('utf8')
}

/** Reads a small file with a secret that isn't text. See `readPrivateFile`. */
export function readPrivateBytes(path: string, refuse: (reason: string) => Error): Buffer {
  let file: number
  try {
    // Opening a FIFO would wait for a writer.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    throw refuse(systemReason(error) ?? 'unknown error')
  }
  try {
    const stats = fstatSync(file)
    if (!stats.isFile()) throw refuse('it is not a regular file')
    // Windows has no such modes. A service's group may read the file.
    if (process.platform !== 'win32' && (stats.mode & 0o027) !== 0) throw refuse('other users can read or change it')
    if (stats.size > maxFileSize) throw refuse(`it is larger than ${maxFileSize} bytes`)
    const content = Buffer.alloc(maxFileSize)
    return content.subarray(0, readSync(file, content))
  } finally {
    closeSync(file)
  }
}
