import {closeSync, constants, fstatSync, openSync, readSync} from 'node:fs'

import {UnusableFile} from './unusable-file.js'

// Without O_NONBLOCK, opening a pipe would wait for a writer. Windows has none of these flags; they are 0 there.
const withoutWaiting = constants.O_RDONLY | constants.O_NONBLOCK
const withoutFollowing = withoutWaiting | constants.O_NOFOLLOW

/** As `readBounded`, for a small file. */
export function readBoundedSync(file: string, maxSize: number): Buffer {
  return readOpened(openBounded(file, maxSize), maxSize)
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

/** Opens an untrusted file. Refuses anything but regular files that are small enough. */
export function openBounded(file: string, maxSize: number): OpenedFile {
  const opened = openRegular(file, withoutWaiting)
  if (opened.size <= maxSize) return opened
  closeOpened(opened)
  throw tooLarge(maxSize)
}

export function closeOpened({descriptor}: OpenedFile): void {
  closeSync(descriptor)
}

/** The content of a file that was opened, which is closed. */
export function readOpened({descriptor, size}: OpenedFile, maxSize: number): Buffer {
  try {
    if (size > maxSize) throw tooLarge(maxSize)
    return readUpTo(descriptor, size)
  } finally {
    closeSync(descriptor)
  }
}

function tooLarge(maxSize: number): UnusableFile {
  return new UnusableFile(`it is larger than ${maxSize} bytes`)
}

/** Reads in one call, unless the file is on a file system that returns less. Bytes that were added since are left out. */
function readUpTo(descriptor: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(size)
  let length = 0
  for (let read = -1; length < size && read !== 0; length += read) {
    read = readSync(descriptor, bytes, length, size - length, null)
  }
  return bytes.subarray(0, length)
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
