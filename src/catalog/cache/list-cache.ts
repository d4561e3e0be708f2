import {readdir, stat} from 'node:fs/promises'
import path from 'node:path'

import {readUnlessAbsent} from '../../files/unless-absent.js'
import {entriesBelow, pathOf} from './cache-entries.js'
import {readTarballPath, registryFileName, tarballsFolder} from './cache-path.js'
import {readLabel} from './read-label.js'
import type {TarballKey} from './tarball-key.js'

/** A tarball in the cache. */
export interface CachedTarball extends TarballKey {
  /** Size of the tarball, in bytes. */
  size: number
  cachedAt: Date
}

/**
 * The tarballs in a cache, sorted by name, version and registry.
 *
 * @throws {ApkgError} `FILE_UNREADABLE`.
 */
export async function listCache(folder: string): Promise<CachedTarball[]> {
  const root = path.join(folder, tarballsFolder)
  const found: CachedTarball[] = []
  for (const registryFolder of (await readUnlessAbsent(root, readdir(root))) ?? []) {
    const base = path.join(root, registryFolder)
    const registry = readLabel(path.join(base, registryFileName))
    if (registry === undefined) continue
    for (const file of await filesBelow(base)) {
      const key = readTarballPath(path.relative(base, file).split(path.sep))
      const status = key && (await readUnlessAbsent(file, stat(file)))
      if (status) found.push({registry, ...key, size: status.size, cachedAt: status.mtime})
    }
  }
  return found.sort(
    (a, b) => compare(a.name, b.name) || compare(a.version, b.version) || compare(a.registry, b.registry),
  )
}

async function filesBelow(folder: string): Promise<string[]> {
  return (await entriesBelow(folder)).filter((entry) => entry.isFile()).map(pathOf)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
