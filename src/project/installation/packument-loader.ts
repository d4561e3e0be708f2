import {hasCode} from '@apkg/command-kit'
import type {Packument} from '@apkg/wire/protocol'

import {PackumentCache} from '../../catalog/cache/packument-cache.js'
import {takedownOf} from '../../catalog/packument/takedown-of.js'
import {packageChoices, type PackageChoices} from '../../catalog/package-choices.js'
import type {PackageRegistries} from '../../trust/package-registries.js'
import type {InstallContext} from './install-context.js'
import {limiter, type Limiter} from './limiter.js'

/**
 * Loads packuments, each from its registry and once, a limited number at a time. Once a registry is unreachable, later loads
 * from it fail at once: each would run into the same timeout.
 */
export class PackumentLoader {
  readonly #loaded = new Map<string, Promise<Packument>>()
  readonly #cache: PackumentCache
  readonly #limit: Limiter
  readonly #registries: PackageRegistries
  readonly #unreachable = new Map<string, Error>()

  constructor({
    registries,
    home,
    cacheFolder,
    downloads,
  }: Pick<InstallContext, 'registries' | 'home' | 'cacheFolder' | 'downloads'>) {
    this.#registries = registries
    this.#cache = new PackumentCache(cacheFolder, home)
    this.#limit = limiter(downloads)
  }

  /** The versions of a package to choose from. @throws {ApkgError} as `packument` does. */
  async choices(name: string): Promise<PackageChoices> {
    return packageChoices(await this.packument(name))
  }

  /** @throws {ApkgError} the errors of `PackumentCache.load` and of connecting to the registry. */
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
  async takedownOf(version: {name: string; version: string}): Promise<string | undefined> {
    return takedownOf(await this.#registries.client(version.name), version)
  }

  async #load(name: string): Promise<Packument> {
    const client = await this.#registries.client(name)
    return this.#limit(async () => {
      const unreachable = this.#unreachable.get(client.registry)
      if (unreachable) throw unreachable
      try {
        return await this.#cache.load(client, name)
      } catch (error) {
        if (hasCode(error, 'UNREACHABLE') || hasCode(error, 'TIMED_OUT')) this.#unreachable.set(client.registry, error)
        throw error
      }
    })
  }
}
