import {hasCode, type RegistryClient} from '@apkg/command-kit'
import {scopeOf} from '@apkg/package-format'
import type {Packument} from '@apkg/wire/protocol'

import {PackumentCache} from '../../catalog/cache/packument-cache.js'
import {takedownOf} from '../../catalog/packument/takedown-of.js'
import {packageChoices, type PackageChoices} from '../../catalog/package-choices.js'
import {assertTrusted, readTrust, type Trust} from '../../trust/trust-store.js'
import type {InstallContext} from './install-context.js'
import {limiter, type Limiter} from './limiter.js'

/**
 * Loads packuments from the registry, each once, a limited number at a time. A scope that is pinned to another registry
 * is never requested. Once the registry is unreachable, later loads fail at once: each would run into the same timeout.
 */
export class PackumentLoader {
  readonly #loaded = new Map<string, Promise<Packument>>()
  readonly #cache: PackumentCache
  readonly #limit: Limiter
  #unreachable: Error | undefined

  private constructor(
    private readonly client: RegistryClient,
    private readonly trust: Trust,
    {home, cacheFolder, downloads}: Pick<InstallContext, 'home' | 'cacheFolder' | 'downloads'>,
  ) {
    this.#cache = new PackumentCache(cacheFolder, home)
    this.#limit = limiter(downloads)
  }

  /** @throws {ApkgError} the errors of `readTrust`. */
  static async open(
    context: Pick<InstallContext, 'client' | 'home' | 'cacheFolder' | 'downloads'>,
  ): Promise<PackumentLoader> {
    return new PackumentLoader(context.client, await readTrust(context.home), context)
  }

  /** The versions of a package to choose from. @throws {ApkgError} as `packument` does. */
  async choices(name: string): Promise<PackageChoices> {
    return packageChoices(await this.packument(name))
  }

  /** @throws {ApkgError} `SCOPE_PINNED`; the errors of `PackumentCache.load`. */
  packument(name: string): Promise<Packument> {
    const known = this.#loaded.get(name) ?? this.#load(name)
    this.#loaded.set(name, known)
    return known
  }

  /** The packument of a package that was loaded before; undefined for any other, and where loading it failed. */
  async loaded(name: string): Promise<Packument | undefined> {
    return this.#loaded.get(name)?.catch(() => undefined)
  }

  /** The registry's reason, if it took this version down. */
  takedownOf(version: {name: string; version: string}): Promise<string | undefined> {
    return takedownOf(this.client, version)
  }

  async #load(name: string): Promise<Packument> {
    assertTrusted(this.trust, scopeOf(name), this.client.registry)
    return this.#limit(async () => {
      if (this.#unreachable) throw this.#unreachable
      try {
        return await this.#cache.load(this.client, name)
      } catch (error) {
        if (hasCode(error, 'UNREACHABLE') || hasCode(error, 'TIMED_OUT')) this.#unreachable = error
        throw error
      }
    })
  }
}
