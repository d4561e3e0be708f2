import {hasCode} from '@apkg/command-kit'
import {scopeOf} from '@apkg/package-format'
import type {Packument} from '@apkg/wire/protocol'

import {PackumentCache} from '../../catalog/cache/packument-cache.js'
import {packageChoices, type PackageChoices} from '../../catalog/package-choices.js'
import {assertTrusted, readTrust} from '../../trust/trust.js'
import {limiter} from './limiter.js'
import type {InstallContext} from './install-context.js'

/** What a registry tells of packages: what can be chosen, or everything. Each package is asked for once. */
export interface Loader {
  (name: string): Promise<PackageChoices>
  packument(name: string): Promise<Packument>
  /** What was told of a package that was asked for already. */
  told(name: string): Promise<Packument | undefined>
}

/**
 * Asks the registry for packages, each once, so many at a time. A scope that is pinned elsewhere is not asked for, and
 * no other package after one for which the registry could not be reached: each would wait as long in vain.
 *
 * @throws {ApkgError} what `readTrust` throws; the loader: `SCOPE_PINNED`, and what `PackumentCache.load` throws.
 */
export async function loaderOf({
  client,
  home,
  cacheFolder,
  downloads,
}: Pick<InstallContext, 'client' | 'home' | 'cacheFolder' | 'downloads'>): Promise<Loader> {
  const trust = await readTrust(home)
  const cache = new PackumentCache(cacheFolder)
  const limit = limiter(downloads)
  const loaded = new Map<string, Promise<Packument>>()
  let unreachable: Error | undefined
  const load = async (name: string) => {
    assertTrusted(trust, scopeOf(name), client.registry)
    return limit(async () => {
      if (unreachable) throw unreachable
      try {
        return await cache.load(client, name)
      } catch (error) {
        if (hasCode(error, 'UNREACHABLE') || hasCode(error, 'TIMED_OUT')) unreachable = error
        throw error
      }
    })
  }
  const packument = (name: string) => {
    const known = loaded.get(name) ?? load(name)
    loaded.set(name, known)
    return known
  }
  const told = async (name: string) => loaded.get(name)?.catch(() => undefined)
  return Object.assign(async (name: string) => packageChoices(await packument(name)), {packument, told})
}
