import {lstat} from 'node:fs/promises'

import {errorReason, failure, isAbsent} from '@apkg/command-kit'

import {readBounded} from '../../files/read-bounded.js'
import {UnusableFile} from '../../files/unusable-file.js'

/** Bytes of a text file. */
const maxTextSize = 1024 * 1024

/**
 * Reads a text file of git. Like git, it doesn't follow links to one in a worktree.
 *
 * @returns undefined if there is no such file.
 * @throws {ApkgError} `FILE_UNREADABLE`.
 */
export async function readGitFile(file: string): Promise<string | undefined> {
  try {
    const found = await lstat(file)
    if (found.isSymbolicLink() || found.isDirectory()) return undefined
    return (await readBounded(file, maxTextSize)).toString('utf8')
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw unreadable(file, error)
  }
}

export function unreadable(file: string, error: unknown) {
  const reason = error instanceof UnusableFile ? error.message : errorReason(error)
  return failure('FILE_UNREADABLE', {path: file, reason}, {cause: error})
}
