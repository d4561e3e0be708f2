import type {LockedPackage} from '../../catalog/lockfile/lockfile.js'
import {readLockfile} from '../lockfile/read-lockfile.js'
import {readProject} from '../read-project.js'
import {parseRange} from '../../catalog/range.js'
import {installedPackages, type Installed, type InstalledState} from './installed-state.js'

/** A package in the dependency tree. */
export interface ListedPackage {
  name: string
  /** The locked version. If the package isn't locked, the installed version; null if it isn't installed either. */
  version: string | null
  /** The version range that the dependent requires; null if nothing depends on the package. */
  range: string | null
  state: InstalledState
  /** The installed version if it differs from the locked version; otherwise null. */
  installed: string | null
  /** Absolute path of the linked directory; null if the package isn't linked. */
  path: string | null
  /**
   * `unlocked`: not in the lockfile. `invalid`: the locked version is outside the range. `extraneous`: nothing depends on
   * it.
   */
  problems: ('unlocked' | 'invalid' | 'extraneous')[]
  /** Whether the package's dependencies are omitted because they are listed where the package first appears. */
  deduped: boolean
  /** The package's own dependencies, with the same fields. */
  dependencies: ListedPackage[]
}

/** The project's packages as a tree. */
export interface PackageList {
  /** The project's name. */
  name: string
  /** The project's version. */
  version: string
  /** The direct dependencies, sorted by name, followed by packages that nothing depends on. */
  dependencies: ListedPackage[]
}

export interface ListOptions {
  /** Show only the paths that lead to these packages; if empty, everything. */
  names: readonly string[]
  /** How many levels below the direct dependencies to show; undefined for all. */
  depth: number | undefined
}

/**
 * The packages in a project's manifest and lockfile, and the state in which they are installed. No request is made.
 *
 * @throws {ApkgError} the errors of reading manifest and lockfile.
 */
export async function listPackages(project: string, home: string, options: ListOptions): Promise<PackageList> {
  const {manifest} = await readProject(project)
  const lockfile = (await readLockfile(project))?.lockfile
  const locked = lockfile?.packages ?? new Map<string, LockedPackage>()
  const installed = await installedPackages(project, home)
  const tree = new Tree(locked, installed, options)
  const needed = tree.below(manifest.dependencies, 0)
  const others = new Set([...locked.keys(), ...installed.keys(), ...(lockfile?.leftOver ?? []).map(nameIn)])
  return {
    name: manifest.name,
    version: manifest.version,
    dependencies: [...needed, ...tree.extraneous([...others].filter((name) => !tree.needed.has(name)))],
  }
}

class Tree {
  /** The names of all direct and transitive dependencies, shown or not. */
  readonly needed = new Set<string>()
  readonly #shown = new Set<string>()
  readonly #leading: ReadonlySet<string>

  constructor(
    private readonly locked: ReadonlyMap<string, LockedPackage>,
    private readonly installed: ReadonlyMap<string, Installed>,
    private readonly options: ListOptions,
  ) {
    this.#leading = leadingTo(options.names, locked)
  }

  below(dependencies: Readonly<Record<string, string>>, level: number): ListedPackage[] {
    this.#need(Object.keys(dependencies))
    const entries = Object.entries(dependencies).sort(([a], [b]) => (a < b ? -1 : 1))
    const {names, depth = Infinity} = this.options
    if (level > depth) return []
    const visible = entries.filter(([name]) => names.length === 0 || this.#leading.has(name))
    return visible.map(([name, range]) => {
      const locked = this.locked.get(name)
      const deduped = this.#shown.has(name) && Object.keys(locked?.dependencies ?? {}).length > 0
      if (level < depth) this.#shown.add(name)
      const isInRange = !locked || parseRange(range)?.test(locked.version) === true
      const problems = [...(locked ? [] : ['unlocked' as const]), ...(isInRange ? [] : ['invalid' as const])]
      const below = locked && !deduped ? this.below(locked.dependencies, level + 1) : []
      return {...this.#entry(name), range, problems, deduped, dependencies: below}
    })
  }

  extraneous(names: readonly string[]): ListedPackage[] {
    const {names: asked} = this.options
    const visible = names.filter((name) => asked.length === 0 || asked.includes(name)).sort()
    return visible.map((name) => {
      const problems: ListedPackage['problems'] = ['extraneous']
      return {...this.#entry(name), range: null, problems, deduped: false, dependencies: []}
    })
  }

  /** Also records packages that are too deep to be shown. */
  #need(names: readonly string[]): void {
    for (const name of names) {
      if (this.needed.has(name)) continue
      this.needed.add(name)
      this.#need(Object.keys(this.locked.get(name)?.dependencies ?? {}))
    }
  }

  #entry(name: string): Pick<ListedPackage, 'name' | 'version' | 'state' | 'installed' | 'path'> {
    const locked = this.locked.get(name)?.version
    const {state, version, path = null} = this.installed.get(name) ?? {state: 'missing' as const}
    const isOther = version !== undefined && locked !== undefined && version !== locked
    return {name, version: locked ?? version ?? null, state, installed: isOther ? version : null, path}
  }
}

/** The names of some packages, and of all that require them, directly or not. */
function leadingTo(names: readonly string[], locked: ReadonlyMap<string, LockedPackage>): ReadonlySet<string> {
  const leading = new Set(names)
  // Each pass may find packages that require one found later in the same pass, so passes repeat until nothing is added.
  for (let size = -1; size < leading.size;) {
    size = leading.size
    for (const {name, dependencies} of locked.values()) {
      if (Object.keys(dependencies).some((each) => leading.has(each))) leading.add(name)
    }
  }
  return leading
}

function nameIn(key: string): string {
  return key.slice(0, key.lastIndexOf('@'))
}
