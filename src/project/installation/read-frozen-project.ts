import type {ReadLockfile} from '../../catalog/lockfile/lockfile.js'
import {failure} from '../failures.js'
import {assertLockfileCurrent} from '../lockfile/assert-lockfile-current.js'
import {assertSameRegistry} from '../lockfile/assert-same-registry.js'
import {readLockfile} from '../lockfile/read-lockfile.js'
import {readProject, type Project} from '../read-project.js'
import type {InstallContext} from './install-context.js'

export interface FrozenProject {
  project: Project
  /** Undefined for a project without dependencies and without a lockfile. */
  previous: ReadLockfile | undefined
}

/**
 * Reads a manifest and the lockfile, which must match it exactly.
 *
 * @throws {ApkgError} `LOCKFILE_NOT_FOUND`, `LOCKFILE_STALE`, `LOCKFILE_OTHER_REGISTRY`, `ROUTE_CONTRADICTED`; the errors of
 *   `readProject` and `readLockfile`.
 */
export async function readFrozenProject({project: folder, registries}: InstallContext): Promise<FrozenProject> {
  const project = await readProject(folder)
  const previous = await readLockfile(folder)
  const {dependencies} = project.manifest
  if (!previous) {
    if (Object.keys(dependencies).length > 0) throw failure('LOCKFILE_NOT_FOUND', {folder})
    return {project, previous}
  }
  registries.assertSomeSelected(Object.keys(dependencies))
  assertSameRegistry(previous.lockfile, registries)
  assertLockfileCurrent(previous.lockfile, dependencies)
  return {project, previous}
}
