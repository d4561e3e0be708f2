import {hasCode, type RegistryClient} from '@apkg/command-kit'

import {TarballCache} from '../../catalog/cache/tarball-cache.js'
import type {TarballKey} from '../../catalog/cache/tarball-key.js'
import {downloadTarball} from './download-tarball.js'

/**
 * Where tarballs come from: the cache, else the registry, by way of the cache. The address is always made from name and
 * version; what a lockfile or a packument says of addresses is not followed.
 *
 * A cache that cannot be written does not stop an installation: its downloads go to a cache of its own then.
 */
export class Tarballs {
  #cache: TarballCache
  readonly #ownCache: TarballCache

  /** @param scratch a folder of this process, for the cache of its own. */
  constructor(
    private readonly client: RegistryClient,
    cacheFolder: string,
    scratch: string,
  ) {
    this.#cache = new TarballCache(cacheFolder)
    this.#ownCache = new TarballCache(scratch)
  }

  /**
   * Hands a tarball's bytes over. They are hashed on their way; where the cache's turn out to be others than asked for,
   * they are fetched anew and handed over again.
   *
   * @param use reads to the end, and can be called again.
   * @throws {ApkgError} `INTEGRITY_MISMATCH`, `PACKAGE_NOT_FOUND`, `VERSION_WITHDRAWN`; what the client and `use` throw.
   */
  async use<Result>(key: TarballKey, use: (bytes: AsyncIterable<Uint8Array>) => Promise<Result>): Promise<Result> {
    const cached = await this.#open(key)
    if (cached) {
      try {
        return await use(cached)
      } catch (error) {
        if (!hasCode(error, 'CACHE_CORRUPT')) throw error
      }
    }
    return use(await this.#fetch(key))
  }

  /** A cache that cannot be read is one that has nothing. */
  async #open(key: TarballKey): Promise<AsyncIterable<Uint8Array> | undefined> {
    try {
      return await this.#cache.open(key)
    } catch (error) {
      if (hasCode(error, 'CACHE_CORRUPT') || hasCode(error, 'FILE_UNREADABLE')) return undefined
      throw error
    }
  }

  async #fetch(key: TarballKey): Promise<AsyncIterable<Uint8Array>> {
    const cache = this.#cache
    try {
      return await this.#fetchInto(cache, key)
    } catch (error) {
      const isCacheTrouble = hasCode(error, 'FILE_UNWRITABLE') || hasCode(error, 'FILE_UNREADABLE')
      if (!isCacheTrouble || cache === this.#ownCache) throw error
      this.#cache = this.#ownCache
      return this.#fetchInto(this.#ownCache, key)
    }
  }

  async #fetchInto(cache: TarballCache, key: TarballKey): Promise<AsyncIterable<Uint8Array>> {
    await cache.store(key, downloadTarball(this.client, key))
    const bytes = await cache.open(key)
    if (!bytes) throw new Error(`${key.name}@${key.version} has left the cache`)
    return bytes
  }
}
