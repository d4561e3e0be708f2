import {readLockfile} from '../lockfile/read-lockfile.js'
import {readProject} from '../read-project.js'
import type {InstallContext} from './install-context.js'
import {graphStatus, installGraph, type InstallReport} from './install-graph.js'
import type {PackagesFolder} from './packages-folder.js'
import {PackumentLoader} from './packument-loader.js'
import {withProjectLock} from './project-lock.js'
import {resolveProject} from './resolve-project.js'

/**
 * Resolves the manifest's dependencies and installs the graph. `installProject` loads this module only when there is
 * something to do.
 *
 * @throws {ApkgError} the errors of reading, resolving, `graphStatus` and `installGraph`.
 */
export async function resolveAndInstall(folder: PackagesFolder, context: InstallContext): Promise<InstallReport> {
  return withProjectLock(folder, async (lock) => {
    const project = await readProject(context.project)
    const previous = await readLockfile(context.project)
    const loader = new PackumentLoader(context)
    const graph = await resolveProject(project.manifest.dependencies, previous, {origins: context.registries, loader})
    const status = await graphStatus({previous, graph, includesLocked: true}, folder, context)
    return installGraph({project, previous, graph, loader, status}, folder, context, lock)
  })
}
