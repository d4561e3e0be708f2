import {createHash} from 'node:crypto'
import {createReadStream} from 'node:fs'
import {lstat, readdir} from 'node:fs/promises'
import path from 'node:path'

import {failure, isAbsent, errorReason} from '@apkg/command-kit'

import {isExecutable} from '../../files/is-executable.js'
import type {ContentFile} from './tarball-content.js'

/** An installed file that differs from the tarball. */
export interface FileDifference {
  /** Path within the package, with forward slashes. */
  path: string
  /** `extra`: the file isn't in the tarball. */
  what: 'missing' | 'modified' | 'extra'
}

/**
 * Compares every file in a package's directory with the tarball. A link or other special file is `modified` if the
 * tarball has a file at its path, else `extra`.
 *
 * @returns sorted by path; undefined if the directory does not exist.
 * @throws {ApkgError} `FILE_UNREADABLE`.
 */
export async function compareFiles(
  folder: string,
  content: ReadonlyMap<string, ContentFile>,
): Promise<FileDifference[] | undefined> {
  const found = await entriesBelow(folder)
  if (!found) return undefined
  const differences: FileDifference[] = []
  for (const file of found) {
    const expected = content.get(file)
    if (!expected) differences.push({path: file, what: 'extra'})
    else if (!(await isEqual(path.join(folder, file), expected))) differences.push({path: file, what: 'modified'})
  }
  const present = new Set(found)
  for (const file of content.keys()) if (!present.has(file)) differences.push({path: file, what: 'missing'})
  return differences.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** A file that became executable is changed; one that is no longer executable is harmless. */
async function isEqual(file: string, expected: ContentFile): Promise<boolean> {
  try {
    const stat = await lstat(file)
    if (!stat.isFile() || (isExecutable(stat) && !expected.isExecutable)) return false
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array)
    return hash.digest('hex') === expected.sha256
  } catch (error) {
    throw failure('FILE_UNREADABLE', {path: file, reason: errorReason(error)}, {cause: error})
  }
}

/** Relative paths of everything but directories; undefined if the directory does not exist. */
async function entriesBelow(folder: string): Promise<string[] | undefined> {
  try {
    const entries = await readdir(folder, {recursive: true, withFileTypes: true})
    return entries
      .filter((entry) => !entry.isDirectory())
      .map(({parentPath, name}) => path.relative(folder, path.join(parentPath, name)).split(path.sep).join('/'))
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw failure('FILE_UNREADABLE', {path: folder, reason: errorReason(error)}, {cause: error})
  }
}
