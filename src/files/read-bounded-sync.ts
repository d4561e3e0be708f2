import {closeSync, constants, fstatSync, openSync, readFileSync} from 'node:fs'

import {UnusableFile} from './unusable-file.js'

// Without O_NONBLOCK, opening a pipe would wait for a writer. Windows has none of these flags; they are 0 there.
const withoutWaiting = constants.O_RDONLY | constants.O_NONBLOCK
const withoutFollowing = withoutWaiting | constants.O_NOFOLLOW

/** As `readBounded`, for a small file. */
export function readBoundedSync(file: string, maxSize: number): Buffer {
  return readOpened(openRegular(file, withoutWaiting), maxSize)
}

/** As `readBoundedSync`, but refuses a symbolic link. */
export function readUnlinkedSync(file: string, maxSize: number): Buffer {
  return readOpened(openUnlinked(file), maxSize)
}

/** A regular file that is open for reading. The caller must close it. */
export interface OpenedFile {
  descriptor: number
  /** Bytes. */
  size: number
}

/**
 * Opens an untrusted file. Refuses anything but regular files, and symbolic links.
 *
 * @throws {UnusableFile}; system errors.
 */
export function openUnlinked(file: string): OpenedFile {
  try {
    return openRegular(file, withoutFollowing)
  } catch (error) {
    // ELOOP: a symbolic link. ENXIO: a socket.
    const {code} = error as NodeJS.ErrnoException
    if (code === 'ELOOP' || code === 'ENXIO') throw new UnusableFile('it is not a file')
    throw error
  }
}

/** The content of a file that was opened, which is closed. */
export function readOpened({descriptor, size}: OpenedFile, maxSize: number): Buffer {
  try {
    if (size > maxSize) throw new UnusableFile(`it is larger than ${maxSize} bytes`)
    return size === 0 ? Buffer.alloc(0) : readFileSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function openRegular(file: string, flags: number): OpenedFile {
  const descriptor = openSync(file, flags)
  let found
  try {
    found = fstatSync(descriptor)
  } finally {
    if (!found?.isFile()) closeSync(descriptor)
  }
  if (!found.isFile()) throw new UnusableFile('it is not a file')
  return {descriptor, size: found.size}
}
