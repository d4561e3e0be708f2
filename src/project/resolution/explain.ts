import type {Domain, Options} from './domain.js'
import type {Requirement} from './solver.js'

/** Why there is no solution. */
export interface Explanation {
  /** The package of which no version fits. */
  name: string
  /** The requirements that exclude each other; only one where no version fits even that. */
  needs: readonly Need[]
  /** Packages on the ways to them that have other versions, which do not help. */
  alternatives: readonly string[]
}

/** A requirement, with the way that leads to it. */
export interface Need {
  range: string
  /** From the project's manifest on: needed in this range, and taken in this version, which needs the next. */
  path: readonly {name: string; range: string; version: string | undefined}[]
}

type DomainOf = (name: string) => Domain

/** How often the choices on the way are mended before all versions are followed at once. */
const mostMends = 100

/**
 * Explains why requirements cannot be satisfied together: the preferred versions are followed from the project on until
 * a package is needed in ranges that have no version in common.
 *
 * @param requirements some that have no solution.
 */
export function explain(requirements: readonly Requirement[], domain: DomainOf): Explanation {
  const sorted = requirements.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const preferred = new Map<string, Options>()
  for (let mends = 0; mends < mostMends; mends++) {
    const arrivals = follow(
      sorted,
      ({name, range}) => preferred.get(name) ?? domain(name).best(domain(name).fitting(range)),
    )
    const clash = clashIn(arrivals, domain)
    if (clash) return clash
    for (const [name, needs] of arrivals) preferred.set(name, domain(name).best(common(domain(name), needs)))
  }
  const clash = clashIn(
    follow(sorted, ({name}) => domain(name).all),
    domain,
  )
  if (!clash) throw new Error('The requirements can be satisfied together')
  return clash
}

/** A requirement that was come to. */
interface Arrival {
  requirement: Requirement
  /** The one before it on the way; undefined where the project needs it. */
  from: Arrival | undefined
  /** In what the package of `from` was taken. */
  taken: Options
}

/** The requirements that lead from the project to others, breadth first, by what they require. */
function follow(
  requirements: readonly Requirement[],
  take: (requirement: Requirement) => Options,
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

/** The first package that is needed in ranges without a common version. */
function clashIn(arrivals: ReadonlyMap<string, readonly Arrival[]>, domain: DomainOf): Explanation | undefined {
  for (const [name, all] of arrivals) {
    if (common(domain(name), all) !== 0n) continue
    const needs = irreducible(all, (some) => common(domain(name), some) === 0n)
    const ways = needs.map(wayTo)
    const steps = ways.flat().map(({requirement, taken}) => ({name: requirement.name, taken}))
    const hasOthers = (step: {name: string; taken: Options}) =>
      (common(domain(step.name), arrivals.get(step.name) ?? []) & ~step.taken) !== 0n
    return {
      name,
      needs: needs.map(({requirement}, index) => ({
        range: requirement.range,
        path: (ways[index] ?? []).map((step) => ({
          name: step.requirement.name,
          range: step.requirement.range,
          version: domain(step.requirement.name).candidate(step.taken)?.version,
        })),
      })),
      alternatives: [...new Set(steps.filter(hasOthers).map((step) => step.name))].sort(),
    }
  }
  return undefined
}

/** The arrivals before this one, the project's first, each with what its package was taken in. */
function wayTo({from, taken}: Arrival): {requirement: Requirement; taken: Options}[] {
  return from ? [...wayTo(from), {requirement: from.requirement, taken}] : []
}

/** The versions that all requirements of a package allow. */
function common(domain: Domain, arrivals: readonly Arrival[]): Options {
  return arrivals.reduce((set, {requirement}) => set & domain.fitting(requirement.range), domain.all)
}

/** Leaves out, the last first, what is not needed for a property to hold. */
function irreducible<Item>(items: readonly Item[], holds: (items: readonly Item[]) => boolean): readonly Item[] {
  return items.reduceRight<readonly Item[]>((kept, item) => {
    const without = kept.filter((each) => each !== item)
    return holds(without) ? without : kept
  }, items)
}

function keyOf({by, name, range}: Requirement): string {
  return JSON.stringify([by?.name ?? '', name, range])
}
