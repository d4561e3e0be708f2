import {hasCode} from '@apkg/command-kit'
import type {ByteSource} from '@apkg/package-format/archive'

import {TarballCache} from '../../catalog/cache/tarball-cache.js'
import type {TarballKey} from '../../catalog/cache/tarball-key.js'
import type {PackageRegistries} from '../../trust/package-registries.js'
import {downloadTarball} from './download-tarball.js'

/**
 * Provides tarballs from the cache, or downloads them into it. The URL is always built from name and version: URLs in a
 * lockfile or a packument are ignored.
 *
 * If the cache is not writable, downloads go to a temporary cache instead.
 */
export class TarballSource {
  #cache: TarballCache
  readonly #temporaryCache: TarballCache

  /**
   * @param scratch a directory of this process, for the temporary cache.
   * @param onReceived called with the number of bytes of each downloaded chunk.
   */
  constructor(
    private readonly registries: Pick<PackageRegistries, 'client'>,
    cacheFolder: string,
    scratch: string,
    private readonly onReceived: (bytes: number) => void = () => undefined,
  ) {
    this.#cache = new TarballCache(cacheFolder)
    this.#temporaryCache = new TarballCache(scratch)
  }

  /**
   * Calls a function with a tarball's bytes, which are hashed on the way. If the cached bytes turn out to be corrupt, the
   * tarball is downloaded and the function is called again.
   *
   * @param use reads to the end, and may be called twice.
   * @throws {ApkgError} `INTEGRITY_MISMATCH`, `PACKAGE_NOT_FOUND`, `VERSION_TAKEN_DOWN`; the errors of the client and
   *   `use`.
   */
  async use<Result>(key: TarballKey, use: (bytes: ByteSource) => Promise<Result>): Promise<Result> {
    const cached = await this.#open(key)
    if (cached) {
      try {
        return await use(cached)
      } catch (error) {
        if (!hasCode(error, 'CACHE_CORRUPT')) throw error
      }
    }
    return use(await this.#download(key))
  }

  /** An unreadable cache is treated as empty. */
  async #open(key: TarballKey): Promise<ByteSource | undefined> {
    try {
      return await this.#cache.open(key)
    } catch (error) {
      if (hasCode(error, 'CACHE_CORRUPT') || hasCode(error, 'FILE_UNREADABLE')) return undefined
      throw error
    }
  }

  async #download(key: TarballKey): Promise<ByteSource> {
    const cache = this.#cache
    try {
      return await this.#downloadInto(cache, key)
    } catch (error) {
      const isCacheError = hasCode(error, 'FILE_UNWRITABLE') || hasCode(error, 'FILE_UNREADABLE')
      if (!isCacheError || cache === this.#temporaryCache) throw error
      this.#cache = this.#temporaryCache
      return this.#downloadInto(this.#temporaryCache, key)
    }
  }

  async #downloadInto(cache: TarballCache, key: TarballKey): Promise<ByteSource> {
    return cache.store(key, this.#counted(downloadTarball(await this.registries.client(key.name), key)))
  }

  async *#counted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.onReceived(chunk.length)
      yield chunk
    }
  }
}
