import {listCache} from './list-cache.js'
import {TarballCache} from './tarball-cache.js'
import type {TarballKey} from './tarball-key.js'

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
