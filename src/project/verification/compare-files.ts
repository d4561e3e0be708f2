import {createHash} from 'node:crypto'
import {createReadStream} from 'node:fs'
import {lstat, readdir} from 'node:fs/promises'
import path from 'node:path'

import {failure, isAbsent, reasonOf} from '@apkg/command-kit'

import {isExecutable} from '../installation/examine-package.js'
import type {ContentFile} from './tarball-content.js'

/** An installed file that differs from the tarball. */
export interface FileDifference {
  /** Path within the package, with forward slashes. */
  path: string
  /** `extra` if the tarball does not have the file. */
  what: 'missing' | 'changed' | 'extra'
}

/**
 * Reads every file in a package's folder and compares it with what the tarball holds. A link, or anything else that is
 * no file, is `changed` where the tarball has a file, else `extra`.
 *
 * @returns by path; undefined where there is no folder.
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
    else if (!(await isAs(path.join(folder, file), expected))) differences.push({path: file, what: 'changed'})
  }
  const present = new Set(found)
  for (const file of content.keys()) if (!present.has(file)) differences.push({path: file, what: 'missing'})
  return differences.sort((one, other) => (one.path < other.path ? -1 : 1))
}

/** A file that may be run though it was not packed so is another one; the opposite harms nobody. */
async function isAs(file: string, expected: ContentFile): Promise<boolean> {
  try {
    const stat = await lstat(file)
    if (!stat.isFile() || (isExecutable(stat) && !expected.isExecutable)) return false
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array)
    return hash.digest('hex') === expected.sha256
  } catch (error) {
    throw failure('FILE_UNREADABLE', {path: file, reason: reasonOf(error)}, {cause: error})
  }
}

/** Relative paths of all that is no folder; undefined where there is no folder to look into. */
async function entriesBelow(folder: string): Promise<string[] | undefined> {
  try {
    const entries = await readdir(folder, {recursive: true, withFileTypes: true})
    return entries
      .filter((entry) => !entry.isDirectory())
      .map(({parentPath, name}) => path.relative(folder, path.join(parentPath, name)).split(path.sep).join('/'))
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw failure('FILE_UNREADABLE', {path: folder, reason: reasonOf(error)}, {cause: error})
  }
}
