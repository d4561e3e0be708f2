import SemVer from 'semver/classes/semver.js'

import type {LockedPackage} from '../../catalog/lockfile/lockfile.js'
import {newestVersion, type PackageChoices} from '../../catalog/package-choices.js'
import {parseRange} from '../../catalog/range.js'
import type {ResolvedPackage} from './resolved-package.js'

/** A set of outcomes for a package: bit 0 is "not installed", the bits after it are its versions, preferred ones first. */
export type Options = bigint

export const absent: Options = 1n

/** The versions of one package that a resolution can choose from. */
export class VersionCandidates {
  readonly all: Options
  readonly #unknown: Options
  readonly #versions: readonly SemVer[]
  readonly #fitting = new Map<string, Options>()

  /**
   * @param candidates preferred ones first.
   * @param isOpen whether the package may have more versions. They are represented by one unknown version, the least
   *   preferred, which satisfies every range and doesn't depend on anything.
   */
  constructor(
    readonly name: string,
    readonly candidates: readonly ResolvedPackage[],
    isOpen: boolean,
  ) {
    const known = bit(candidates.length + 1) - 1n
    this.#unknown = isOpen ? bit(candidates.length + 1) : 0n
    this.all = known | this.#unknown
    this.#versions = candidates.map(({version}) => new SemVer(version))
  }

  /** The versions in a range. @param range a valid one. */
  fitting(range: string): Options {
    const before = this.#fitting.get(range)
    if (before !== undefined) return before
    const parsed = parseRange(range)
    const fitting = this.#where((_, index) => parsed?.test(this.#versions[index] ?? '') ?? false) | this.#unknown
    this.#fitting.set(range, fitting)
    return fitting
  }

  /** The versions that require a package in exactly this range. */
  requiring(name: string, range: string): Options {
    return this.#where(({dependencies}) => Object.hasOwn(dependencies, name) && dependencies[name] === range)
  }

  /** The preferred version of a set, as a set of one. */
  best(options: Options): Options {
    const versions = options & ~absent
    return versions & -versions
  }

  /** The version in a set of one; undefined for the unknown version. */
  candidate(option: Options): ResolvedPackage | undefined {
    return this.candidates[option.toString(2).length - 2]
  }

  #where(matches: (candidate: ResolvedPackage, index: number) => boolean): Options {
    return this.candidates.reduce((set, each, index) => (matches(each, index) ? set | bit(index + 1) : set), 0n)
  }
}

function bit(index: number): Options {
  return 1n << BigInt(index)
}

/** Known facts about a package during the resolution. */
export interface Knowledge {
  /** Undefined until they are loaded. */
  choices: PackageChoices | undefined
  locked: LockedPackage | undefined
  /** Whether the locked version is preferred to all others. */
  prefersLocked: boolean
}

/**
 * The versions of a package that a resolution can choose from, in order of preference: the locked one, even if yanked;
 * the newest one, see `newestVersion`; the others from highest to lowest. A yanked version is only a candidate if it is
 * locked, and comes last if the locked version is not preferred.
 */
export function versionCandidates(name: string, {choices, locked, prefersLocked}: Knowledge): VersionCandidates {
  const first = locked && prefersLocked ? [lockedCandidate(locked, choices)] : []
  if (!choices) return new VersionCandidates(name, first, true)
  const newest = newestVersion(choices)
  const usable = choices.versions.filter(({yanked}) => !yanked)
  const withdrawn = choices.versions.filter(({version, yanked}) => yanked && version === locked?.version)
  const versions = new Map(
    [...(newest ? [newest] : []), ...usable, ...withdrawn].map((choice) => [choice.version, {name, ...choice}]),
  )
  for (const {version} of first) versions.delete(version)
  return new VersionCandidates(name, [...first, ...versions.values()], false)
}

function lockedCandidate(locked: LockedPackage, choices: PackageChoices | undefined): ResolvedPackage {
  const now = choices?.versions.find(({version}) => version === locked.version)
  return {...locked, yanked: now?.yanked ?? false}
}
