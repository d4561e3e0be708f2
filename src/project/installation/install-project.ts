import {readProject} from '../read-project.js'
import type {InstallReport} from './install-graph.js'
import {PackagesFolder} from './packages-folder.js'
import type {Surroundings} from './surroundings.js'
import {reportIfUpToDate} from './up-to-date.js'

/**
 * Installs what the manifest asks for, at the lockfile's versions where they fit, and brings the lockfile in line.
 *
 * @throws {ApkgError} what reading, resolving and `installGraph` throw.
 */
export async function installProject(surroundings: Surroundings): Promise<InstallReport> {
  const {project: projectFolder} = surroundings
  const folder = new PackagesFolder(projectFolder)
  const report = await reportIfUpToDate(await readProject(projectFolder), folder, surroundings, {
    rehash: false,
    keepsLink: () => true,
  })
  if (report) return report
  const [{installGraph}, {loaderOf}, {resolveProject}, {withProjectLock}, {readLockfile}] = await Promise.all([
    import('./install-graph.js'),
    import('./loader.js'),
    import('./resolve-project.js'),
    import('./project-lock.js'),
    import('../lockfile/read-lockfile.js'),
  ])
  return withProjectLock(folder, async (lock) => {
    const project = await readProject(projectFolder)
    const previous = await readLockfile(projectFolder)
    const load = await loaderOf(surroundings)
    const {registry} = surroundings.client
    const graph = await resolveProject(project.manifest.dependencies, previous, {registry, load})
    return installGraph({project, previous, graph, load}, folder, surroundings, lock)
  })
}
