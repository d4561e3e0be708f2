import path from 'node:path'

import {isAbsent, printable, errorReason} from '@apkg/command-kit'

import {failure} from '../failures.js'
import {UnusableFile} from '../../files/unusable-file.js'
import {conflictMarker} from '../../files/why-not-json.js'
import {lockfileName, type ReadLockfile} from '../../catalog/lockfile/lockfile.js'
import {LockfileProblem, LockfileVersionProblem, parseLockfile} from '../../catalog/lockfile/parse-lockfile.js'
import {readLockfileText} from './read-lockfile-text.js'

/**
 * The lockfile of a project; undefined if there is none.
 *
 * @throws {ApkgError} `LOCKFILE_DAMAGED`, `LOCKFILE_CONFLICTED`, `LOCKFILE_VERSION`, `FILE_UNREADABLE`.
 */
export async function readLockfile(folder: string): Promise<ReadLockfile | undefined> {
  const file = path.join(folder, lockfileName)
  const text = await readText(file)
  if (text === undefined) return undefined
  if (last?.text === text) return last
  try {
    return (last = {lockfile: parseLockfile(text), text})
  } catch (error) {
    if (!(error instanceof LockfileProblem)) throw error
    if (conflictMarker.test(text)) throw failure('LOCKFILE_CONFLICTED', {path: file}, {cause: error})
    if (error instanceof LockfileVersionProblem) {
      throw failure('LOCKFILE_VERSION', {path: file, version: printable(error.version)}, {cause: error})
    }
    throw failure('LOCKFILE_DAMAGED', {path: file, reason: printable(error.message)}, {cause: error})
  }
}

/** An installation reads the lockfile again once it holds the lock. */
let last: ReadLockfile | undefined

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readLockfileText(file)
  } catch (error) {
    if (isAbsent(error)) return undefined
    if (error instanceof UnusableFile) throw failure('LOCKFILE_DAMAGED', {path: file, reason: error.message})
    throw failure('FILE_UNREADABLE', {path: file, reason: errorReason(error)}, {cause: error})
  }
}
