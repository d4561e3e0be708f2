import type {Dirent} from 'node:fs'
import {readdir, readFile, rm, rmdir, stat} from 'node:fs/promises'
import path from 'node:path'

import {failure, errorReason} from '@apkg/command-kit'

import {readUnlessAbsent} from '../../files/unless-absent.js'
import {
  answersFolder,
  isCachePath,
  isInRegistryFolder,
  packumentsFolder,
  readTarballPath,
  registryFileName,
  tarballsFolder,
} from './cache-path.js'
import {TarballCache} from './tarball-cache.js'
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
    const label = path.join(base, registryFileName)
    const registry = await readUnlessAbsent(label, readFile(label, 'utf8'))
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

export interface CacheCheck {
  /** Number of tarballs that were verified. */
  checked: number
  /** Tarballs whose hash didn't match. They were removed. */
  corrupt: TarballKey[]
}

/**
 * Hashes every tarball in a cache, and removes corrupt ones.
 *
 * @throws {ApkgError} `FILE_UNREADABLE`, `FILE_UNWRITABLE`.
 */
export async function verifyCache(folder: string): Promise<CacheCheck> {
  const cache = new TarballCache(folder)
  const tarballs = await listCache(folder)
  const corrupt: TarballKey[] = []
  for (const {registry, name, version, integrity} of tarballs) {
    const key = {registry, name, version, integrity}
    if (!(await cache.verify(key))) corrupt.push(key)
  }
  return {checked: tarballs.length, corrupt}
}

/**
 * Removes every file that apkg created, including unfinished downloads. Other files are left alone.
 *
 * @returns the number of tarballs, and the total bytes freed.
 * @throws {ApkgError} `FILE_UNREADABLE`, `FILE_UNWRITABLE`.
 */
export async function cleanCache(folder: string): Promise<{packages: number; bytes: number}> {
  const {length: packages} = await listCache(folder)
  const partsOf = (file: string) => path.relative(folder, file).split(path.sep)
  let bytes = 0
  for (const root of [tarballsFolder, packumentsFolder, answersFolder].map((each) => path.join(folder, each))) {
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

/** Removes the folders that are empty, or become empty on the way. */
async function removeEmpty(folders: readonly string[]): Promise<void> {
  const innermostFirst = folders.toSorted((a, b) => b.length - a.length)
  for (const folder of innermostFirst) await rmdir(folder).catch(() => undefined)
}

async function filesBelow(folder: string): Promise<string[]> {
  return (await entriesBelow(folder)).filter((entry) => entry.isFile()).map(pathOf)
}

/** Another process can empty the cache at any time. */
async function entriesBelow(folder: string): Promise<Dirent[]> {
  return (await readUnlessAbsent(folder, readdir(folder, {recursive: true, withFileTypes: true}))) ?? []
}

function pathOf({parentPath, name}: Dirent): string {
  return path.join(parentPath, name)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
