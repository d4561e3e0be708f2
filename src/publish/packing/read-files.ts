import {constants} from 'node:fs'
import {open} from 'node:fs/promises'
import path from 'node:path'

import {type ByteProgress, isApkgError, printable, errorReason} from '@apkg/command-kit'
import {defaultLimits} from '@apkg/package-format'
import type {FileToPack} from '@apkg/package-format/archive'

import {failure} from '../failures.js'
import type {CollectedFile} from './collect-files.js'
import {mebibytes, sizeLimitError} from './size-limits.js'

/** Windows doesn't have these flags, so a file that is replaced by a link in the meantime is followed there. */
const noFollow = (constants.O_NOFOLLOW as number | undefined) ?? 0
const nonBlocking = (constants.O_NONBLOCK as number | undefined) ?? 0

/** Windows lacks executable bits. Node reports the same ones for all files. */
const hasModes = process.platform !== 'win32'

/** The contents of files. */
export interface ReadFiles {
  files: FileToPack[]
  /** Files that are executable in the file system, and packed without the bit because git tracks them without it. */
  notExecutableInGit: string[]
}

/**
 * Reads each file once, so that exactly the same content is scanned, hashed and sent. Whether a file is executable is
 * decided by git if it tracks the file, else by its mode, or by `#!` on systems without modes.
 *
 * @throws {ApkgError} `PACKAGE_NOT_PACKABLE` if the package is too large; `FILE_UNREADABLE`.
 */
export async function readFiles(
  root: string,
  collected: readonly CollectedFile[],
  progress?: Pick<ByteProgress, 'advance'>,
): Promise<ReadFiles> {
  const files: FileToPack[] = []
  const notExecutableInGit: string[] = []
  let room = defaultLimits.unpacked
  const tooLarge = (relative: string, size: number) => {
    const sizes = files.map(({path, content}) => ({path, size: content.length}))
    const limit = mebibytes(defaultLimits.unpacked)
    const problem = `the package exceeds the maximum unpacked size of ${limit} (at ${printable(relative)})`
    return sizeLimitError(problem, [...sizes, {path: relative, size}])
  }
  for (const {path: each, isExecutable, hasMode} of collected) {
    const {content, mode} = await readFile(root, each, (size) => {
      if (size > room) throw tooLarge(each, size)
    })
    room -= content.length
    progress?.advance(content.length)
    // Only the owner's bit matters; the others depend on the umask.
    const bit = hasModes && hasMode ? (mode & 0o100) !== 0 : undefined
    files.push({path: each, isExecutable: isExecutable ?? bit ?? startsWithInterpreter(content), content})
    if (isExecutable === false && bit === true) notExecutableInGit.push(each)
  }
  return {files, notExecutableInGit}
}

function startsWithInterpreter(content: Uint8Array): boolean {
  return content[0] === 0x23 && content[1] === 0x21
}

interface OpenedFile {
  content: Uint8Array
  mode: number
}

async function readFile(root: string, relative: string, assertFits: (size: number) => void): Promise<OpenedFile> {
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
      return {content, mode: stat.mode}
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (isApkgError(error)) throw error
    throw failure('FILE_UNREADABLE', {path: file, reason: errorReason(error)}, {cause: error})
  }
}
