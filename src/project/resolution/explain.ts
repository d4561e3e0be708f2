import type {VersionCandidates, Options} from './choose-version.js'
import type {DependencyRequirement} from './solver.js'

/** Explains why the dependencies can't be resolved. */
export interface Explanation {
  /** The package without a suitable version. */
  name: string
  /** The conflicting requirements; only one if no version satisfies even that. */
  requirements: readonly RequirementPath[]
  /** Packages on the paths to them whose other versions do not help. */
  alternatives: readonly string[]
}

/** A requirement, with the path that leads to it. */
export interface RequirementPath {
  range: string
  /** From the manifest on: each package is required in this range and chosen in this version, which requires the next. */
  path: readonly {name: string; range: string; version: string | undefined}[]
}

type CandidatesOf = (name: string) => VersionCandidates

/** How often the choices on the path are adjusted before all versions are followed at once. */
const maxAdjustments = 100

/**
 * Explains why requirements cannot be satisfied together: follows the preferred versions from the project on until a
 * package is required in ranges without a common version.
 *
 * @param requirements must be unsatisfiable.
 */
export function explain(requirements: readonly DependencyRequirement[], candidatesOf: CandidatesOf): Explanation {
  const sorted = requirements.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const preferred = new Map<string, Options>()
  for (let adjustments = 0; adjustments < maxAdjustments; adjustments++) {
    const arrivals = follow(
      sorted,
      ({name, range}) => preferred.get(name) ?? candidatesOf(name).best(candidatesOf(name).fitting(range)),
    )
    const clash = clashIn(arrivals, candidatesOf)
    if (clash) return clash
    for (const [name, all] of arrivals) preferred.set(name, candidatesOf(name).best(common(candidatesOf(name), all)))
  }
  const clash = clashIn(
    follow(sorted, ({name}) => candidatesOf(name).all),
    candidatesOf,
  )
  if (!clash) throw new Error('The requirements can be satisfied together')
  return clash
}

/** A requirement that was reached. */
interface Arrival {
  requirement: DependencyRequirement
  /** The one before it on the path; undefined for a requirement of the project. */
  from: Arrival | undefined
  /** The versions in which the package of `from` was chosen. */
  taken: Options
}

/** The requirements reachable from the project, breadth first, by the package that they require. */
function follow(
  requirements: readonly DependencyRequirement[],
  take: (requirement: DependencyRequirement) => Options,
): Map<string, Arrival[]> {
  const arrivals = new Map<string, Arrival[]>()
  const queue: Arrival[] = requirements
    .filter(({by}) => !by)
    .map((requirement) => ({requirement, from: undefined, taken: 0n}))
  for (const arrival of queue) {
    const {name} = arrival.requirement
    const before = arrivals.get(name)
    if (before) {
      before.push(arrival)
      continue
    }
    arrivals.set(name, [arrival])
    const taken = take(arrival.requirement)
    const next = requirements.filter(({by}) => by?.name === name && (by.versions & taken) !== 0n)
    queue.push(...next.map((requirement) => ({requirement, from: arrival, taken})))
  }
  return arrivals
}

/** The first package that is required in ranges without a common version. */
function clashIn(
  arrivals: ReadonlyMap<string, readonly Arrival[]>,
  candidatesOf: CandidatesOf,
): Explanation | undefined {
  for (const [name, all] of arrivals) {
    if (common(candidatesOf(name), all) !== 0n) continue
    const conflicting = minimal(all, (arrivals) => common(candidatesOf(name), arrivals) === 0n)
    const paths = conflicting.map(pathTo)
    const steps = paths.flat().map(({requirement, taken}) => ({name: requirement.name, taken}))
    const hasOthers = (step: {name: string; taken: Options}) =>
      (common(candidatesOf(step.name), arrivals.get(step.name) ?? []) & ~step.taken) !== 0n
    return {
      name,
      requirements: conflicting.map(({requirement}, index) => ({
        range: requirement.range,
        path: (paths[index] ?? []).map((step) => ({
          name: step.requirement.name,
          range: step.requirement.range,
          version: candidatesOf(step.requirement.name).candidate(step.taken)?.version,
        })),
      })),
      alternatives: [...new Set(steps.filter(hasOthers).map((step) => step.name))].sort(),
    }
  }
  return undefined
}

/** The requirements before this one, the project's first, each with the chosen versions of its package. */
function pathTo({from, taken}: Arrival): {requirement: DependencyRequirement; taken: Options}[] {
  return from ? [...pathTo(from), {requirement: from.requirement, taken}] : []
}

/** The versions that all requirements of a package allow. */
function common(candidates: VersionCandidates, arrivals: readonly Arrival[]): Options {
  return arrivals.reduce((set, {requirement}) => set & candidates.fitting(requirement.range), candidates.all)
}

/** Drops items, the last first, that are not needed for a property to hold. */
function minimal<Item>(items: readonly Item[], holds: (items: readonly Item[]) => boolean): readonly Item[] {
  return items.reduceRight<readonly Item[]>((kept, item) => {
    const without = kept.filter((each) => each !== item)
    return holds(without) ? without : kept
  }, items)
}

function keyOf({by, name, range}: DependencyRequirement): string {
  return JSON.stringify([by?.name ?? '', name, range])
}
