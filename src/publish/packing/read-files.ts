import {constants} from 'node:fs'
import {open} from 'node:fs/promises'
import path from 'node:path'

import {isApkgError, printable, reasonOf} from '@apkg/command-kit'
import {defaultLimits} from '@apkg/package-format'
import type {FileToPack} from '@apkg/package-format/archive'

import {failure} from '../failures.js'
import {beyondLimit, megabytes} from './size-limits.js'

/** Where the system knows no such thing (Windows), a link that takes a file's place meanwhile is followed. */
const noLink = (constants.O_NOFOLLOW as number | undefined) ?? 0
const noWaiting = (constants.O_NONBLOCK as number | undefined) ?? 0

/**
 * Reads files, each once: what is scanned, hashed and sent is this content, whatever happens to the files meanwhile.
 *
 * @throws {ApkgError} `PACKAGE_NOT_PACKABLE` where they are larger than a package may be; `FILE_UNREADABLE`.
 */
export async function readFiles(root: string, paths: readonly string[]): Promise<FileToPack[]> {
  const files: FileToPack[] = []
  let room = defaultLimits.unpacked
  const tooLarge = (relative: string, size: number) => {
    const sizes = files.map(({path, content}) => ({path, size: content.length}))
    const limit = megabytes(defaultLimits.unpacked)
    const problem = `${printable(relative)} does not fit in: a package unpacks to at most ${limit}`
    return beyondLimit(problem, [...sizes, {path: relative, size}])
  }
  for (const each of paths) {
    const file = await readOne(root, each, (size) => {
      if (size > room) throw tooLarge(each, size)
    })
    room -= file.content.length
    files.push(file)
  }
  return files
}

async function readOne(root: string, relative: string, assertFits: (size: number) => void): Promise<FileToPack> {
  const file = path.join(root, relative)
  try {
    const handle = await open(file, constants.O_RDONLY | noLink | noWaiting)
    try {
      const stat = await handle.stat()
      if (!stat.isFile()) throw unpackable(`${printable(relative)} is no file any more`)
      assertFits(stat.size)
      const content = await handle.readFile()
      assertFits(content.length)
      // The owner's bit alone: the others are the umask's.
      return {path: relative, isExecutable: (stat.mode & 0o100) !== 0, content}
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (isApkgError(error)) throw error
    throw failure('FILE_UNREADABLE', {path: file, reason: reasonOf(error)}, {cause: error})
  }
}

function unpackable(problem: string) {
  return failure('PACKAGE_NOT_PACKABLE', {problems: [problem]})
}
