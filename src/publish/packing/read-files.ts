import {constants} from 'node:fs'
import {open} from 'node:fs/promises'
import path from 'node:path'

import {isApkgError, printable, errorReason} from '@apkg/command-kit'
import {defaultLimits} from '@apkg/package-format'
import type {FileToPack} from '@apkg/package-format/archive'

import {failure} from '../failures.js'
import {megabytes, sizeLimitError} from './size-limits.js'

/** Windows doesn't have these flags, so a file that is replaced by a link in the meantime is followed there. */
const noFollow = (constants.O_NOFOLLOW as number | undefined) ?? 0
const nonBlocking = (constants.O_NONBLOCK as number | undefined) ?? 0

/**
 * Reads each file once, so that exactly the same content is scanned, hashed and sent.
 *
 * @throws {ApkgError} `PACKAGE_NOT_PACKABLE` if the package is too large; `FILE_UNREADABLE`.
 */
export async function readFiles(root: string, paths: readonly string[]): Promise<FileToPack[]> {
  const files: FileToPack[] = []
  let room = defaultLimits.unpacked
  const tooLarge = (relative: string, size: number) => {
    const sizes = files.map(({path, content}) => ({path, size: content.length}))
    const limit = megabytes(defaultLimits.unpacked)
    const problem = `the package exceeds the maximum unpacked size of ${limit} (at ${printable(relative)})`
    return sizeLimitError(problem, [...sizes, {path: relative, size}])
  }
  for (const each of paths) {
    const file = await readFile(root, each, (size) => {
      if (size > room) throw tooLarge(each, size)
    })
    room -= file.content.length
    files.push(file)
  }
  return files
}

async function readFile(root: string, relative: string, assertFits: (size: number) => void): Promise<FileToPack> {
  const file = path.join(root, relative)
  try {
    const handle = await open(file, constants.O_RDONLY | noFollow | nonBlocking)
    try {
      const stat = await handle.stat()
      if (!stat.isFile()) {
        throw failure('PACKAGE_NOT_PACKABLE', {problems: [`${printable(relative)} is no longer a file`]})
      }
      assertFits(stat.size)
      const content = await handle.readFile()
      assertFits(content.length)
      // Only the owner's bit matters; the others depend on the umask.
      return {path: relative, isExecutable: (stat.mode & 0o100) !== 0, content}
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (isApkgError(error)) throw error
    throw failure('FILE_UNREADABLE', {path: file, reason: errorReason(error)}, {cause: error})
  }
}
