import {printable} from '@apkg/command-kit'

import {failure} from '../failures.js'
import {assertSameRegistry} from '../lockfile/assert-same-registry.js'
import type {LockedPackage} from '../../catalog/lockfile/lockfile.js'
import {readLockfile} from '../lockfile/read-lockfile.js'
import {assertAllTrusted} from '../../trust/trust-store.js'

/**
 * The packages of a project's lockfile, by name.
 *
 * @param names those to return; if empty, all.
 * @param registry canonical URL.
 * @throws {ApkgError} `LOCKFILE_NOT_FOUND`, `PACKAGE_UNLOCKED`, `LOCKFILE_OTHER_REGISTRY`, `SCOPE_PINNED`; the errors
 *   of reading.
 */
export async function lockedPackages(
  names: readonly string[],
  {project, home, registry}: {project: string; home: string; registry: string},
): Promise<LockedPackage[]> {
  const lockfile = (await readLockfile(project))?.lockfile
  if (!lockfile) throw failure('LOCKFILE_NOT_FOUND', {folder: project})
  assertSameRegistry(lockfile, registry)
  await assertAllTrusted(lockfile.packages.keys(), home, registry)
  const unlocked = names.find((name) => !lockfile.packages.has(name))
  if (unlocked !== undefined) throw failure('PACKAGE_UNLOCKED', {name: printable(unlocked)})
  const wanted = [...lockfile.packages.values()].filter(({name}) => names.length === 0 || names.includes(name))
  return wanted.sort((a, b) => (a.name < b.name ? -1 : 1))
}
