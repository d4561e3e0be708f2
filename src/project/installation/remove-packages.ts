import {failure, hasCode} from '@apkg/command-kit'

import {
  lockedRegistryOf,
  type LockedPackage,
  type PackageOrigins,
  type ReadLockfile,
} from '../../catalog/lockfile/lockfile.js'
import {lockfileFor} from '../../catalog/lockfile/format-lockfile.js'
import {readLockfile} from '../lockfile/read-lockfile.js'
import {withDependencies} from '../edit-dependencies.js'
import {readProject} from '../read-project.js'
import {resolve} from '../resolution/resolve.js'
import {assertDependencies} from './assert-dependencies.js'
import {removeOrphans} from './remove-orphans.js'
import type {PackageId} from './ledger.js'
import {PackagesFolder} from './packages-folder.js'
import {withProjectLock} from './project-lock.js'
import {writeLockfileAndManifest} from '../lockfile/write-lockfile.js'

/** The outcome of removing packages. */
export interface RemoveReport {
  /** Names removed from `dependencies` in `apkg.json`. */
  dependencies: string[]
  /** Packages that were deleted: those that you named, and those that are no longer needed. */
  removed: RemovedPackage[]
  /** Names of linked packages. The link was removed; the directory that it pointed to is unchanged. */
  unlinked: string[]
  /** Names of packages that the project no longer has, whether they were installed or not. */
  gone: string[]
  /** What the user should act on, one printable sentence each. */
  warnings: string[]
}

/** A package that was deleted. */
export interface RemovedPackage extends PackageId {
  /** Absolute path of the deleted directory. */
  location: string
}

export interface RemovalContext {
  /** The project's directory, absolute. */
  project: string
  /** The user's home directory. */
  home: string
  /** The registries to write to a lockfile that has none. */
  origins: PackageOrigins
}

/**
 * Removes packages from the manifest and the lockfile, and deletes those that are no longer needed. No request is made.
 *
 * @throws {ApkgError} `NOT_A_DEPENDENCY`; the errors of reading and `removeOrphans`. Nothing has changed then.
 */
export async function removePackages(
  names: readonly string[],
  {project: projectFolder, home, origins}: RemovalContext,
): Promise<RemoveReport> {
  assertDependencies(names, await readProject(projectFolder))
  const folder = new PackagesFolder(projectFolder)
  return withProjectLock(folder, async (lock) => {
    const project = await readProject(projectFolder)
    assertDependencies(names, project)
    const previous = await readLockfile(projectFolder)
    const others = Object.entries(project.manifest.dependencies).filter(([name]) => !names.includes(name))
    const dependencies = Object.fromEntries(others)
    const graph = previous && (await lockedGraph(dependencies, previous))
    const commit = () =>
      writeLockfileAndManifest(projectFolder, {
        lockfile: {
          before: previous?.text,
          after: previous && graph ? lockfileFor(previous, graph, lockedOrigins(previous, origins)) : previous?.text,
        },
        manifest: {before: project.text, after: withDependencies(project, () => dependencies)},
      })
    const needed = graph ?? everything
    const known = new Set([...names, ...(previous?.lockfile.packages.keys() ?? [])])
    const keepsLink = (name: string) => !names.includes(name)
    const {packages, links} = await removeOrphans(folder, {needed, keepsLink}, commit, home, lock)
    return {
      dependencies: [...names].sort(),
      removed: packages.map((each) => ({...each, location: folder.packagePath(each.name)})),
      unlinked: links.map(({name}) => name),
      gone: [...known].filter((name) => !needed.has(name)).sort(),
      warnings: [...project.warnings, ...(graph ? [] : [nothingDeleted])],
    }
  })
}

const everything = {has: () => true}

const nothingDeleted =
  'No packages were deleted, because apkg-lock.json is missing or does not match apkg.json. Run `apkg install` to fix that'

/** The registries that the lockfile names, because no request is made that could show others. */
function lockedOrigins({lockfile}: ReadLockfile, origins: PackageOrigins): PackageOrigins {
  return {
    registry: lockfile.registry ?? origins.registry,
    of: (name) => lockedRegistryOf(lockfile, name) ?? origins.of(name),
  }
}

/** The locked graph of some dependencies; undefined if the lockfile does not satisfy them. */
async function lockedGraph(
  dependencies: Readonly<Record<string, string>>,
  {lockfile: {packages}}: ReadLockfile,
): Promise<ReadonlyMap<string, LockedPackage> | undefined> {
  try {
    return await resolve(dependencies, {
      locked: packages,
      load: (name) => Promise.reject(failure('OFFLINE', {purpose: `look up ${name}`})),
    })
  } catch (error) {
    if (hasCode(error, 'OFFLINE')) return undefined
    throw error
  }
}
