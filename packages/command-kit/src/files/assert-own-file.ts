import {closeSync, constants, fstatSync, openSync, readFileSync, statSync, type Stats} from 'node:fs'

import type {ApkgError} from '../errors/apkg-error.js'
import {failure} from '../errors/define-failures.js'
import {shellPath} from '../errors/shell-path.js'
import {errorReason, isAbsent} from './system-error.js'

type Access = Pick<Stats, 'uid' | 'mode'>

/** Who reads a file: the effective user id. Undefined on Windows, where owners and modes work differently. */
export type Reader = number | undefined

const root = 0

/** The modes by which the group and everyone else can write. */
const writableByOthers = 0o022

/** Bytes. */
const defaultMaxSize = 64 * 1024 * 1024

/**
 * Explains why a file or directory of the user can't be trusted: another user owns it, or others can write to it. The
 * system administrator can do anything anyway, so files of root are trusted.
 *
 * @returns a clause and the steps that fix it; undefined if it can be trusted.
 */
export function distrustOf(
  path: string,
  {uid, mode}: Access,
  reader: Reader,
  forbidden: number = writableByOthers,
): {reason: string; suggestions: string[]} | undefined {
  if (reader === undefined) return undefined
  if (uid !== reader && uid !== root) {
    const suggestions =
      reader === root
        ? ['if you used sudo, run apkg without it', `to give it to root, run \`chown -R root ${shellPath(path)}\``]
        : [`to make it yours, run \`sudo chown -R ${reader} ${shellPath(path)}\``, 'set HOME to your home directory']
    return {reason: `it belongs to another user (uid ${uid})`, suggestions}
  }
  if ((mode & forbidden) === 0) return undefined
  return {reason: 'other users can write to it', suggestions: [`run \`chmod -R go-w ${shellPath(path)}\``]}
}

/**
 * Checks a directory of the user, if it exists.
 *
 * @param forbidden the mode bits that it must not have. Directories of other programs may be writable by the group, which
 *   on many systems is only the user
 * @throws {ApkgError} `FILE_UNREADABLE` if another user owns it or can write to it
 */
export function assertOwnFolder(folder: string, forbidden?: number): void {
  let found: Stats
  try {
    found = statSync(folder)
  } catch (error) {
    if (isAbsent(error)) return
    throw failure('FILE_UNREADABLE', {path: folder, reason: errorReason(error)}, {cause: error})
  }
  assertTrustedOwner(folder, found, forbidden)
}

/**
 * Reads a file of the user. It is checked after it was opened, so it can't be replaced in between.
 *
 * @param maxSize bytes
 * @throws {ApkgError} `FILE_UNREADABLE` if it isn't a file or is too large, or another user owns it or can write to it;
 *   system errors
 */
export function readOwnFile(file: string, maxSize = defaultMaxSize): Buffer {
  // Without O_NONBLOCK, opening a pipe would wait for a writer. Windows has neither; the flag is 0 there.
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const found = fstatSync(descriptor)
    assertTrustedOwner(file, found)
    // Reading a directory fails with its own error.
    if (!found.isFile() && !found.isDirectory()) throw unusable(file, 'it is not a file')
    if (found.size > maxSize) throw unusable(file, `it is larger than ${maxSize} bytes`)
    return readFileSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function unusable(path: string, reason: string): ApkgError {
  return failure('FILE_UNREADABLE', {path, reason})
}

function assertTrustedOwner(path: string, found: Access, forbidden?: number): void {
  const distrust = distrustOf(path, found, process.geteuid?.(), forbidden)
  if (distrust) throw failure('FILE_UNREADABLE', {path, ...distrust})
}
