import {hasCode, printable, type ApkgError} from '@apkg/command-kit'
import {isVersion} from '@apkg/package-format'

import {failure} from '../failures.js'
import type {LockedPackage} from '../../catalog/lockfile/lockfile.js'
import {versionCandidates, type VersionCandidates} from './choose-version.js'
import {explain, type Explanation} from './explain.js'
import type {PackageChoices} from '../../catalog/package-choices.js'
import {parseRange} from '../../catalog/range.js'
import {resolutionFailure} from './resolution-failure.js'
import type {ResolvedPackage} from './resolved-package.js'
import {solve} from './solver.js'

export interface ResolutionOptions {
  /**
   * Looks up a package in the registry. Called once per name, for all names known to be needed at the same time, so it
   * must limit how many requests run.
   *
   * @throws {ApkgError} `PACKAGE_NOT_FOUND` means that the package has no versions; anything else ends the resolution.
   */
  load: (name: string) => Promise<PackageChoices>
  locked: ReadonlyMap<string, LockedPackage>
  /** The registry's reason, if it took a version down. Asked for once, to explain why no version satisfies a range. */
  takedownOf?: (version: {name: string; version: string}) => Promise<string | undefined>
  /** Names whose locked version is not preferred. Those among the roots are decided first. */
  unlocked?: ReadonlySet<string>
  /** Names whose range was given on the command line and not in the manifest, for messages. */
  requested?: ReadonlySet<string>
}

/** Packages that are looked up. No real project needs as many, but a hostile registry could serve an endless graph. */
const maxPackages = 5000

/** Clauses that are examined: a few seconds. */
const maxWork = 50_000_000

/**
 * Chooses one version of each required package so that every range is satisfied. If there is a solution, it is found, and
 * it is always the same one: packages are decided breadth first from the manifest, by name, and each gets its preferred
 * version (see `versionCandidates`) that is compatible with those before it.
 *
 * Only packages whose locked version is not enough are looked up. The others are assumed to have one more, unknown version
 * that satisfies everything. When that is chosen, the package is looked up and the graph is solved again.
 *
 * @param roots ranges by name, of the project's manifest.
 * @returns by name, sorted bytewise.
 * @throws {ApkgError} `DEPENDENCY_CONFLICT`, `VERSION_NOT_FOUND`, `DEPENDENCY_NOT_FOUND`, `RANGE_INVALID`,
 *   `RESOLUTION_ABANDONED`; the errors of `load`.
 */
export async function resolve(
  roots: Readonly<Record<string, string>>,
  {load, locked, unlocked = new Set(), requested = new Set(), takedownOf}: ResolutionOptions,
): Promise<ReadonlyMap<string, ResolvedPackage>> {
  for (const [name, range] of Object.entries(roots)) {
    if (!parseRange(range)) throw failure('RANGE_INVALID', {name, range: printable(range)})
  }
  const order = Object.entries(roots).sort(
    ([a], [b]) => Number(unlocked.has(b)) - Number(unlocked.has(a)) || (a < b ? -1 : 1),
  )
  const loaded = new Map<string, PackageChoices>()
  const missing = new Map<string, ApkgError>()
  const candidates = new Map<string, VersionCandidates>()
  const candidatesOf = (name: string) => {
    const present = candidates.get(name)
    if (present) return present
    const knowledge = {choices: loaded.get(name), locked: locked.get(name), prefersLocked: !unlocked.has(name)}
    const built = versionCandidates(name, knowledge)
    candidates.set(name, built)
    return built
  }
  const lookUp = async (name: string) => {
    try {
      loaded.set(name, await load(name))
    } catch (error) {
      if (!hasCode(error, 'PACKAGE_NOT_FOUND')) throw error
      missing.set(name, error)
      loaded.set(name, {name, distTags: {}, versions: [], publishers: []})
    }
    candidates.delete(name)
  }
  const work = {left: maxWork}
  for (;;) {
    const outcome = solve({roots: order, candidatesOf, work})
    if (outcome.kind === 'abandoned') throw failure('RESOLUTION_ABANDONED')
    if (outcome.kind === 'unsolvable') {
      const explanation = explain(outcome.requirements, candidatesOf)
      const suspect = suspectOf(explanation, locked)
      const reason = suspect && (await takedownOf?.(suspect))
      const takenDown = suspect && reason !== undefined ? {version: suspect.version, reason} : undefined
      throw resolutionFailure(explanation, {loaded, missing, requested, takenDown})
    }
    const unknown = [...outcome.chosen].filter(([, choice]) => !choice).map(([name]) => name)
    if (unknown.length === 0) return sortedByName(outcome.chosen)
    if (loaded.size + unknown.length > maxPackages) throw failure('RESOLUTION_ABANDONED')
    await Promise.all(unknown.map(lookUp))
  }
}

/** The version whose takedown would explain why a range has no version: the only one in it, or the locked one. */
function suspectOf(
  {name, requirements: [first, ...others]}: Explanation,
  locked: ReadonlyMap<string, LockedPackage>,
): {name: string; version: string} | undefined {
  if (!first || others.length > 0) return undefined
  const range = first.range.trim()
  if (isVersion(range)) return {name, version: range}
  const known = locked.get(name)
  return known && parseRange(range)?.test(known.version) ? {name, version: known.version} : undefined
}

function sortedByName(chosen: ReadonlyMap<string, ResolvedPackage | undefined>): ReadonlyMap<string, ResolvedPackage> {
  const known = [...chosen].flatMap(([name, choice]) => (choice ? [[name, choice] as const] : []))
  return new Map(known.sort(([a], [b]) => (a < b ? -1 : 1)))
}
