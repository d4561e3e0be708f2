import {hasCode, printable, type ApkgError} from '@apkg/command-kit'

import {failure} from '../failures.js'
import type {LockedPackage} from '../../catalog/lockfile/lockfile.js'
import {domainOf, type Domain} from './domain.js'
import {explain} from './explain.js'
import type {PackageChoices} from '../../catalog/package-choices.js'
import {parseRange} from '../../catalog/range.js'
import {resolutionFailure} from './resolution-failure.js'
import type {ResolvedPackage} from './resolved-package.js'
import {solve} from './solver.js'

export interface ResolutionOptions {
  /**
   * Asks a registry for a package. Called once a name, for all names at once that are known to be needed: it is the
   * loader that bounds how many requests are under way.
   *
   * @throws {ApkgError} `PACKAGE_NOT_FOUND` is taken as having no versions; anything else ends the resolution.
   */
  load: (name: string) => Promise<PackageChoices>
  locked: ReadonlyMap<string, LockedPackage>
  /** Names whose locked version is not preferred to others. Those among the roots are chosen first. */
  unlocked?: ReadonlySet<string>
  /** Names whose range comes from this run and not from the manifest, for messages. */
  requested?: ReadonlySet<string>
}

/** Packages that a registry is asked for. No honest project needs as many; a hostile registry has no end of them. */
const mostPackages = 5000

/** Clauses that are looked at in all: some seconds. */
const mostWork = 50_000_000

/**
 * Chooses one version of each package that is needed, so that every range fits. It finds a solution wherever there is
 * one, and always the same: packages are taken breadth first from the manifest on, by name, and each gets its most
 * preferred version (see `domainOf`) of all that go with those before it.
 *
 * A registry is asked only for packages whose locked version does not do. The others are taken to have an unknown version
 * besides, that would do for everything; as long as one of those is chosen, its package is asked for, and all is solved
 * again.
 *
 * @param roots ranges by name, of the project's manifest.
 * @returns by name, sorted bytewise.
 * @throws {ApkgError} `DEPENDENCY_CONFLICT`, `VERSION_NOT_FOUND`, `DEPENDENCY_NOT_FOUND`, `RANGE_INVALID`,
 *   `RESOLUTION_ABANDONED`; whatever `load` throws.
 */
export async function resolve(
  roots: Readonly<Record<string, string>>,
  {load, locked, unlocked = new Set(), requested = new Set()}: ResolutionOptions,
): Promise<ReadonlyMap<string, ResolvedPackage>> {
  for (const [name, range] of Object.entries(roots)) {
    if (!parseRange(range)) throw failure('RANGE_INVALID', {name, range: printable(range)})
  }
  const order = Object.entries(roots).sort(
    ([a], [b]) => Number(unlocked.has(b)) - Number(unlocked.has(a)) || (a < b ? -1 : 1),
  )
  const asked = new Map<string, PackageChoices>()
  const missing = new Map<string, ApkgError>()
  const domains = new Map<string, Domain>()
  const domain = (name: string) => {
    const present = domains.get(name)
    if (present) return present
    const knowledge = {choices: asked.get(name), locked: locked.get(name), prefersLocked: !unlocked.has(name)}
    const built = domainOf(name, knowledge)
    domains.set(name, built)
    return built
  }
  const ask = async (name: string) => {
    try {
      asked.set(name, await load(name))
    } catch (error) {
      if (!hasCode(error, 'PACKAGE_NOT_FOUND')) throw error
      missing.set(name, error)
      asked.set(name, {name, distTags: {}, versions: [], publishers: []})
    }
    domains.delete(name)
  }
  const work = {left: mostWork}
  for (;;) {
    const outcome = solve({roots: order, domain, work})
    if (outcome.kind === 'abandoned') throw failure('RESOLUTION_ABANDONED')
    if (outcome.kind === 'unsolvable')
      throw resolutionFailure(explain(outcome.requirements, domain), {asked, missing, requested})
    const unknown = [...outcome.chosen].filter(([, choice]) => !choice).map(([name]) => name)
    if (unknown.length === 0) return sortedByName(outcome.chosen)
    if (asked.size + unknown.length > mostPackages) throw failure('RESOLUTION_ABANDONED')
    await Promise.all(unknown.map(ask))
  }
}

function sortedByName(chosen: ReadonlyMap<string, ResolvedPackage | undefined>): ReadonlyMap<string, ResolvedPackage> {
  const known = [...chosen].flatMap(([name, choice]) => (choice ? [[name, choice] as const] : []))
  return new Map(known.sort(([a], [b]) => (a < b ? -1 : 1)))
}
