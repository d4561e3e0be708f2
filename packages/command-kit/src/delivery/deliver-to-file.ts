import type {Stats} from 'node:fs'
import {link, lstat, open, realpath, rename, rm, type FileHandle} from 'node:fs/promises'
import path from 'node:path'

import {errorCode, errorReason, unlessAbsent} from '../files/system-error.js'
import {temporaryBeside} from '../files/temporary-file.js'
import {Undelivered, type ReadyDestination} from './destination.js'
import {failure} from './failures.js'

/** The errors of `link` on file systems without hard links. */
const noHardLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EACCES', 'EISDIR']

/**
 * Creates a private temporary file next to the target, so that an unusable directory or a full disk is detected before
 * a token is requested. The target is created atomically.
 *
 * @param file an absolute path.
 * @param options.replace whether an existing file may be replaced. It is unchanged until the value is written.
 * @throws {ApkgError} `OUT_FILE_EXISTS`, `OUT_FILE_UNUSABLE`.
 */
export async function prepareFile(file: string, {replace}: {replace: boolean}): Promise<ReadyDestination> {
  const target = await targetOf(file, replace)
  const temporary = temporaryBeside(target)
  const handle = await orUnusable(file, open(temporary, 'wx', 0o600))
  return {
    async deliver(value) {
      try {
        await writeValue(handle, value)
        await (replace ? rename(temporary, target) : placeNew(temporary, target))
        await syncFolder(path.dirname(target))
      } catch (error) {
        throw new Undelivered(`Cannot write the token to ${file} (${errorReason(error)})`, {cause: error})
      }
      return {file}
    },
    async discard() {
      await handle.close().catch(() => undefined)
      await rm(temporary, {force: true}).catch(() => undefined)
    },
  }
}

/** The file to write, with links resolved, so that a link to a replaced file stays. */
async function targetOf(file: string, replace: boolean): Promise<string> {
  const found = await orUnusable(file, unlessAbsent(lstat(file)))
  if (!found) return file
  if (!found.isSymbolicLink()) assertRegular(file, found)
  if (!replace) throw failure('OUT_FILE_EXISTS', {file})
  const target = await orUnusable(file, realpath(file))
  assertRegular(file, await orUnusable(file, lstat(target)))
  return target
}

function assertRegular(file: string, found: Stats): void {
  if (found.isFile()) return
  throw failure('OUT_FILE_UNUSABLE', {file, reason: found.isDirectory() ? 'it is a directory' : 'it is not a file'})
}

async function orUnusable<Result>(file: string, result: Promise<Result>): Promise<Result> {
  try {
    return await result
  } catch (error) {
    throw failure('OUT_FILE_UNUSABLE', {file, reason: errorReason(error)}, {cause: error})
  }
}

async function writeValue(handle: FileHandle, value: string): Promise<void> {
  await handle.chmod(0o600)
  await handle.writeFile(`${value}\n`)
  await handle.sync()
  await handle.close()
}

/** Gives the file its name unless another file has taken it in the meantime. */
async function placeNew(temporary: string, target: string): Promise<void> {
  try {
    await link(temporary, target)
  } catch (error) {
    if (!noHardLinks.includes(errorCode(error) ?? '')) throw error
    await replaceReservation(temporary, target)
  }
}

/** As `placeNew`, without hard links: an empty file reserves the name, and is removed again if it can't be replaced. */
async function replaceReservation(temporary: string, target: string): Promise<void> {
  const handle = await open(target, 'wx', 0o600)
  const reservation = await handle.stat().finally(() => handle.close())
  try {
    await rename(temporary, target)
  } catch (error) {
    const found = await lstat(target).catch(() => undefined)
    const isReservation = found?.ino === reservation.ino && found.dev === reservation.dev && found.size === 0
    if (isReservation) await rm(target, {force: true}).catch(() => undefined)
    throw error
  }
}

/**
 * Makes a new name durable. The value has been delivered by then, so an error is ignored: the directory may be writable
 * but not readable, or on a file system that can't sync directories. Windows can't open directories.
 */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r').catch(() => undefined)
  await handle?.sync().catch(() => undefined)
  await handle?.close().catch(() => undefined)
}
