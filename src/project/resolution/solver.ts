import type {VersionCandidates, Options} from './choose-version.js'
import type {ResolvedPackage} from './resolved-package.js'

/** A dependency on a package. */
export interface DependencyRequirement {
  /** The package that requires it, and in which of its versions; undefined for the project. */
  by: {name: string; versions: Options} | undefined
  name: string
  range: string
}

export type Outcome =
  /** The chosen versions, by name; undefined for an unknown version. */
  | {kind: 'solved'; chosen: ReadonlyMap<string, ResolvedPackage | undefined>}
  /** Requirements that cannot be satisfied together. */
  | {kind: 'unsolvable'; requirements: readonly DependencyRequirement[]}
  /** The work limit was reached. */
  | {kind: 'abandoned'}

export interface ResolutionProblem {
  /** The project's ranges by name, in the order of decision. */
  roots: readonly (readonly [string, string])[]
  candidatesOf: (name: string) => VersionCandidates
  /** How many clauses may be examined; counted down. */
  work: {left: number}
}

/** The cost of a decision, in clauses examined. */
const workOfDecision = 20

/** States that its terms do not all hold. A term says that a package is one of some options. */
interface Clause {
  terms: ReadonlyMap<string, Options>
  /** The requirement it states; undefined for a learned clause, which follows from its parents. */
  requirement?: DependencyRequirement
  parents: readonly Clause[]
}

/** From this step on, a package is one of `options`. */
interface Step {
  name: string
  options: Options
  /** The number of decisions made before. */
  level: number
  /** The clause it follows from; undefined for a decision. */
  cause: Clause | undefined
}

/**
 * Chooses a version of every required package by clause learning over finite domains, as SAT solvers do, and PubGrub does
 * with ranges. Packages are decided breadth first from the roots, each at its preferred version that is not known to be
 * impossible. The outcome is the first solution of a plain backtracking search in that order: the first root gets the
 * best version in any solution, the second the best one compatible with that, and so on.
 */
export function solve(problem: ResolutionProblem): Outcome {
  return new Solver(problem).run()
}

class Solver {
  readonly #problem: ResolutionProblem
  readonly #clauses = new Map<string, Clause[]>()
  readonly #stated = new Set<string>()
  readonly #trail: Step[] = []
  /** The steps of each package, as indices of the trail. */
  readonly #history = new Map<string, number[]>()
  /** The packages in the order of decision. The first `#level` of them are decided; the rest are required by those. */
  readonly #queue: string[]
  readonly #queued: Set<string>
  /** The length of the queue at each level. */
  readonly #queueLengths: number[] = []
  #level = 0

  constructor(problem: ResolutionProblem) {
    this.#problem = problem
    this.#queue = problem.roots.map(([name]) => name)
    this.#queued = new Set(this.#queue)
  }

  run(): Outcome {
    const {roots, work} = this.#problem
    for (const [name, range] of roots) {
      const clause = this.#state({by: undefined, name, range})
      if (clause.terms.size === 0) return unsolvable(clause)
    }
    let changed = roots.map(([name]) => name)
    for (;;) {
      const conflict = this.#propagate(changed)
      if (work.left <= 0) return {kind: 'abandoned'}
      if (conflict) {
        const {clause, level, name} = this.#learn(conflict)
        if (name === undefined) return unsolvable(clause)
        this.#backtrack(level)
        changed = [name]
        continue
      }
      const next = this.#queue[this.#level]
      if (next === undefined) return {kind: 'solved', chosen: this.#chosen()}
      this.#decide(next)
      changed = [next]
    }
  }

  /** Draws every conclusion from the packages that changed. Returns a violated clause, if there is one. */
  #propagate(changed: readonly string[]): Clause | undefined {
    const pending = new Set(changed)
    for (const name of pending) {
      pending.delete(name)
      const clauses = this.#clauses.get(name) ?? []
      this.#problem.work.left -= clauses.length
      for (const clause of clauses) {
        const open = this.#openTerm(clause)
        if (open === 'none') return clause
        if (open === 'several') continue
        const [openName, options] = open
        this.#step({name: openName, options: this.#now(openName) & ~options, level: this.#level, cause: clause})
        pending.add(openName)
      }
    }
    return undefined
  }

  /** The only undecided term of a clause. `several` also if one of its terms can no longer hold. */
  #openTerm({terms}: Clause): readonly [string, Options] | 'none' | 'several' {
    let open: readonly [string, Options] | undefined
    for (const term of terms) {
      const [name, options] = term
      const now = this.#now(name)
      if ((now & ~options) === 0n) continue
      if (open || (now & options) === 0n) return 'several'
      open = term
    }
    return open ?? 'none'
  }

  #decide(name: string): void {
    const candidates = this.#problem.candidatesOf(name)
    const option = candidates.best(this.#now(name))
    this.#problem.work.left -= workOfDecision
    this.#queueLengths.push(this.#queue.length)
    this.#level++
    this.#step({name, options: option, level: this.#level, cause: undefined})
    const dependencies = Object.entries(candidates.candidate(option)?.dependencies ?? {}).sort(byName)
    for (const [needed, range] of dependencies) {
      this.#stateDependency(candidates, needed, range)
      if (this.#queued.has(needed)) continue
      this.#queued.add(needed)
      this.#queue.push(needed)
    }
  }

  /** States a dependency once for all versions that have it, so that conclusions apply to all of them. */
  #stateDependency(candidates: VersionCandidates, name: string, range: string): void {
    const key = JSON.stringify([candidates.name, name, range])
    if (this.#stated.has(key)) return
    this.#stated.add(key)
    this.#state({by: {name: candidates.name, versions: candidates.requiring(name, range)}, name, range})
  }

  #state(requirement: DependencyRequirement): Clause {
    const {by, name, range} = requirement
    const candidates = this.#problem.candidatesOf(name)
    const needed: Terms = [[name, candidates.all & ~candidates.fitting(range)]]
    const terms = this.#conjunction(by ? [[by.name, by.versions]] : [], needed)
    const clause = {terms, requirement, parents: []}
    this.#add(clause)
    return clause
  }

  #add(clause: Clause): void {
    for (const name of clause.terms.keys()) {
      const clauses = this.#clauses.get(name)
      if (clauses) clauses.push(clause)
      else this.#clauses.set(name, [clause])
    }
  }

  /**
   * Resolves a violated clause with the causes of its terms, latest first, until all but one term already held at an
   * earlier level, where the learned clause leads to another conclusion. A clause without terms means that there is no
   * solution.
   */
  #learn(conflict: Clause): {clause: Clause; level: number; name: string | undefined} {
    let {terms} = conflict
    const parents = [conflict]
    for (;;) {
      const {latest, level} = this.#satisfiers(terms)
      if (latest && latest.level <= level && latest.cause) {
        terms = this.#resolvent(terms, latest.cause.terms, latest.name)
        parents.push(latest.cause)
        this.#problem.work.left -= terms.size
        continue
      }
      const clause = parents.length === 1 ? conflict : {terms, parents}
      if (clause !== conflict) this.#add(clause)
      return {clause, level, name: latest?.name}
    }
  }

  /** The step that made the last of the terms hold, and the level at which the others held. */
  #satisfiers(terms: Clause['terms']): {latest: Step | undefined; level: number} {
    const indices = [...terms].map(([name, options]) => this.#satisfier(name, options)).sort((a, b) => b - a)
    const [latest, previous] = indices.map((index) => this.#trail[index])
    return {latest, level: previous?.level ?? 0}
  }

  #satisfier(name: string, options: Options): number {
    const history = this.#history.get(name) ?? []
    return history.find((index) => ((this.#trail[index]?.options ?? 0n) & ~options) === 0n) ?? -1
  }

  /** The resolvent of two clauses over one package. */
  #resolvent(left: Clause['terms'], right: Clause['terms'], name: string): Clause['terms'] {
    const both = (left.get(name) ?? 0n) | (right.get(name) ?? 0n)
    const without = (terms: Clause['terms']) => [...terms].filter(([each]) => each !== name)
    return this.#conjunction([...without(left), [name, both]], without(right))
  }

  /** Leaves out terms that always hold. */
  #conjunction(left: Terms, right: Terms): Clause['terms'] {
    const terms = new Map<string, Options>()
    for (const [name, options] of [...left, ...right]) terms.set(name, (terms.get(name) ?? options) & options)
    for (const [name, options] of terms) if (options === this.#problem.candidatesOf(name).all) terms.delete(name)
    return terms
  }

  #step(step: Step): void {
    const history = this.#history.get(step.name)
    if (history) history.push(this.#trail.length)
    else this.#history.set(step.name, [this.#trail.length])
    this.#trail.push(step)
  }

  #backtrack(level: number): void {
    for (let last = this.#trail.at(-1); last && last.level > level; last = this.#trail.at(-1)) {
      this.#trail.pop()
      this.#history.get(last.name)?.pop()
    }
    for (const name of this.#queue.splice(this.#queueLengths[level] ?? this.#queue.length)) this.#queued.delete(name)
    this.#queueLengths.length = level
    this.#level = level
  }

  #now(name: string): Options {
    const index = this.#history.get(name)?.at(-1)
    return (index === undefined ? undefined : this.#trail[index]?.options) ?? this.#problem.candidatesOf(name).all
  }

  #chosen(): Map<string, ResolvedPackage | undefined> {
    return new Map(this.#queue.map((name) => [name, this.#problem.candidatesOf(name).candidate(this.#now(name))]))
  }
}

type Terms = readonly (readonly [string, Options])[]

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1
}

/** The requirements from which a clause without terms follows. */
function unsolvable(empty: Clause): Outcome {
  const clauses = new Set([empty])
  for (const {parents} of clauses) for (const parent of parents) clauses.add(parent)
  const requirements = [...clauses].flatMap(({requirement}) => (requirement ? [requirement] : []))
  return {kind: 'unsolvable', requirements}
}
