import {randomBytes} from 'node:crypto'
import {mkdir, rm} from 'node:fs/promises'
import path from 'node:path'

import {
  assertOwnFolder,
  errorReason,
  failure,
  isAbsent,
  isApkgError,
  readOwnFile,
  StateFolder,
  withLock,
} from '@apkg/command-kit'
import {isPackageName} from '@apkg/package-format'
import {isJsonObject} from '@apkg/wire'

import {writeAtomically} from '../../files/replace-file.js'

/** The directory where a package is developed, known to all projects of the user. */
export interface RegisteredLink {
  name: string
  /** Absolute, without links in it. */
  path: string
  /** RFC 3339. */
  linkedAt: string
}

/** Bytes; paths have up to a few thousand. */
const maxEntrySize = 64 * 1024

/**
 * The directory that is registered for a package; undefined if there is none.
 *
 * @param name a valid name.
 * @throws {ApkgError} `FILE_DAMAGED`, `FILE_UNREADABLE`.
 */
export async function registeredLink(home: string, name: string): Promise<RegisteredLink | undefined> {
  const folder = new StateFolder(home)
  const file = entryFile(folder, name)
  const damaged = (reason: string) => failure('FILE_DAMAGED', {path: file, reason})
  let text: string
  try {
    assertOwnFolder(folder.path)
    assertOwnFolder(path.dirname(file))
    text = readOwnFile(file, maxEntrySize).toString('utf8')
  } catch (error) {
    if (isAbsent(error)) return undefined
    if (isApkgError(error)) throw error
    throw failure('FILE_UNREADABLE', {path: file, reason: errorReason(error)}, {cause: error})
  }
  const link = parse(text)
  if (link?.name !== name) throw damaged(`it is not a valid registration of ${name}`)
  return link
}

/**
 * Registers a directory for a package, replacing any earlier one.
 *
 * @throws {ApkgError} `STORE_LOCKED`, `FILE_UNWRITABLE`.
 */
export async function registerLink(home: string, link: RegisteredLink): Promise<void> {
  const folder = new StateFolder(home)
  const file = entryFile(folder, link.name)
  await withLock(folder, async (lock) => {
    try {
      await mkdir(path.dirname(file), {recursive: true, mode: 0o700})
      const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`
      await writeAtomically(file, JSON.stringify(link, undefined, 2), {temporary, mode: 0o600, lock})
    } catch (error) {
      throw failure('FILE_UNWRITABLE', {path: file, reason: errorReason(error)}, {cause: error})
    }
  })
}

/**
 * Removes the registration of a package.
 *
 * @returns whether there was one.
 * @throws {ApkgError} `FILE_UNWRITABLE`.
 */
export async function unregisterLink(home: string, name: string): Promise<boolean> {
  const file = entryFile(new StateFolder(home), name)
  try {
    await rm(file)
    return true
  } catch (error) {
    if (isAbsent(error)) return false
    throw failure('FILE_UNWRITABLE', {path: file, reason: errorReason(error)}, {cause: error})
  }
}

/** The slash, which is encoded, is the only character of a valid name that a file name cannot have. */
function entryFile(folder: StateFolder, name: string): string {
  return path.join(folder.path, 'links', `${encodeURIComponent(name)}.json`)
}

function parse(text: string): RegisteredLink | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isJsonObject(value)) return undefined
  const {name, path: target, linkedAt} = value
  if (typeof name !== 'string' || !isPackageName(name)) return undefined
  if (typeof target !== 'string' || !path.isAbsolute(target) || typeof linkedAt !== 'string') return undefined
  return {name, path: target, linkedAt}
}
