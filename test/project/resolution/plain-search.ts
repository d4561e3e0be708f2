import semver from 'semver'

import type {LockedPackage} from '../../../src/catalog/lockfile/lockfile.js'
import type {Packages} from './packages.js'

export interface Graph {
  roots: Record<string, string>
  packages: Packages
  locked: ReadonlyMap<string, LockedPackage>
  unlocked: ReadonlySet<string>
}

/** Versions by name. */
export type Solution = Record<string, string>

interface Candidate {
  version: string
  needs: Record<string, string>
}

/** The versions of a package in the documented order of preference, implemented independently. */
function candidates({packages, locked, unlocked}: Graph, name: string): Candidate[] {
  const {versions = {}, latest} = packages[name] ?? {}
  const lock = locked.get(name)
  const all = Object.keys(versions).sort(semver.rcompare)
  const usable = all.filter((version) => !versions[version]?.yanked)
  const stable = usable.filter((version) => !semver.prerelease(version))
  const newest = latest !== undefined && usable.includes(latest) ? latest : (stable[0] ?? usable[0])
  const kept = lock && !unlocked.has(name) ? [lock.version] : []
  const last = lock && all.includes(lock.version) ? [lock.version] : []
  const order = new Set([...kept, ...(newest === undefined ? [] : [newest]), ...usable, ...last])
  return [...order].map((version) => {
    const isLocked = kept.includes(version)
    return {version, needs: (isLocked ? lock?.dependencies : versions[version]?.needs) ?? {}}
  })
}

/** The first solution of a plain backtracking search: breadth first, by name, preferred versions first. */
export function plainSearch(graph: Graph): Solution | undefined {
  const roots = Object.keys(graph.roots).sort()
  const queue = [
    ...roots.filter((name) => graph.unlocked.has(name)),
    ...roots.filter((name) => !graph.unlocked.has(name)),
  ]
  const search = (chosen: Map<string, Candidate>, waiting: string[]): Map<string, Candidate> | undefined => {
    const [name, ...others] = waiting
    if (name === undefined) return chosen
    for (const candidate of candidates(graph, name)) {
      const next = new Map(chosen).set(name, candidate)
      if (!agrees(graph, next)) continue
      const more = Object.keys(candidate.needs)
        .sort()
        .filter((each) => !next.has(each) && !others.includes(each))
      const found = search(next, [...others, ...more])
      if (found) return found
    }
    return undefined
  }
  const found = search(new Map(), queue)
  return found && Object.fromEntries([...found].map(([name, {version}]) => [name, version]))
}

function agrees({roots}: Graph, chosen: ReadonlyMap<string, Candidate>): boolean {
  const edges = [roots, ...[...chosen.values()].map(({needs}) => needs)].flatMap((needs) => Object.entries(needs))
  return edges.every(([name, range]) => {
    const candidate = chosen.get(name)
    return !candidate || semver.satisfies(candidate.version, range)
  })
}

/** Whether any choice of versions is a solution, by trying all of them. */
export function isSolvable(graph: Graph): boolean {
  const names = [...new Set([...Object.keys(graph.packages), ...graph.locked.keys()])]
  const tryAll = (index: number, chosen: Map<string, Candidate>): boolean => {
    const name = names[index]
    if (name === undefined) return isSolution(graph, chosen)
    const rest = (candidate: Candidate) => tryAll(index + 1, new Map(chosen).set(name, candidate))
    return tryAll(index + 1, chosen) || candidates(graph, name).some(rest)
  }
  return tryAll(0, new Map())
}

function isSolution(graph: Graph, chosen: ReadonlyMap<string, Candidate>): boolean {
  const needed = [graph.roots, ...[...chosen.values()].map(({needs}) => needs)].flatMap((needs) => Object.keys(needs))
  return needed.every((name) => chosen.has(name)) && agrees(graph, chosen)
}
