import {rm, rmdir, stat} from 'node:fs/promises'
import path from 'node:path'

import {errorReason, failure} from '@apkg/command-kit'

import {readUnlessAbsent} from '../../files/unless-absent.js'
import {entriesBelow, pathOf} from './cache-entries.js'
import {defaultCacheFolder} from './cache-folder.js'
import {answersFolder, isCachePath, isInRegistryFolder, packumentsFolder, tarballsFolder} from './cache-path.js'
import {listCache} from './list-cache.js'

/**
 * Removes every file that apkg created, including unfinished downloads. Other files are left alone.
 *
 * @param home the user's home directory, which always has the completion values.
 * @returns the number of tarballs, and the total bytes freed.
 * @throws {ApkgError} `FILE_UNREADABLE`, `FILE_UNWRITABLE`.
 */
export async function cleanCache(folder: string, home: string): Promise<{packages: number; bytes: number}> {
  const {length: packages} = await listCache(folder)
  const caches = [
    ...[tarballsFolder, packumentsFolder, answersFolder].map((kind) => [folder, kind] as const),
    [defaultCacheFolder(home), answersFolder] as const,
  ]
  let bytes = 0
  for (const [base, kind] of caches) {
    const partsOf = (file: string) => path.relative(base, file).split(path.sep)
    const root = path.join(base, kind)
    const entries = await entriesBelow(root)
    const files = entries.filter((entry) => entry.isFile()).map(pathOf)
    for (const file of files.filter((each) => isCachePath(partsOf(each)))) {
      bytes += (await readUnlessAbsent(file, stat(file)))?.size ?? 0
      await remove(file)
    }
    const folders = entries.filter((entry) => entry.isDirectory()).map(pathOf)
    await removeEmpty([root, ...folders.filter((each) => isInRegistryFolder(partsOf(each)))])
  }
  return {packages, bytes}
}

async function remove(file: string): Promise<void> {
  try {
    await rm(file, {force: true})
  } catch (error) {
    throw failure('FILE_UNWRITABLE', {path: file, reason: errorReason(error)}, {cause: error})
  }
}

/** Removes the directories that are empty, or become empty on the way. */
async function removeEmpty(folders: readonly string[]): Promise<void> {
  const innermostFirst = folders.toSorted((a, b) => b.length - a.length)
  for (const folder of innermostFirst) await rmdir(folder).catch(() => undefined)
}
