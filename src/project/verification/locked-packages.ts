import {printable} from '@apkg/command-kit'

import {failure} from '../failures.js'
import type {InstallContext} from '../installation/install-context.js'
import {assertSameRegistry} from '../lockfile/assert-same-registry.js'
import type {LockedPackage} from '../../catalog/lockfile/lockfile.js'
import {readLockfile} from '../lockfile/read-lockfile.js'

/**
 * The packages of a project's lockfile, by name.
 *
 * @param names those to return; if empty, all.
 * @throws {ApkgError} `LOCKFILE_NOT_FOUND`, `PACKAGE_UNLOCKED`, `ROUTE_CONTRADICTED`, `LOCKFILE_OTHER_REGISTRY`; the
 *   errors of reading.
 */
export async function lockedPackages(
  names: readonly string[],
  {project, registries}: Pick<InstallContext, 'project' | 'registries'>,
): Promise<LockedPackage[]> {
  const lockfile = (await readLockfile(project))?.lockfile
  if (!lockfile) throw failure('LOCKFILE_NOT_FOUND', {folder: project})
  registries.assertSomeSelected([...lockfile.packages.keys()])
  registries.assertNoneContradicted(names)
  assertSameRegistry(lockfile, registries)
  const unlocked = names.find((name) => !lockfile.packages.has(name))
  if (unlocked !== undefined) {
    throw failure('PACKAGE_UNLOCKED', {name: printable(unlocked), known: [...lockfile.packages.keys()]})
  }
  const wanted = [...lockfile.packages.values()].filter(({name}) => names.length === 0 || names.includes(name))
  return wanted.sort((a, b) => (a.name < b.name ? -1 : 1))
}
