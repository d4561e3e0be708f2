import {readProject} from '../read-project.js'
import type {InstallReport} from './install-graph.js'
import {PackagesFolder} from './packages-folder.js'
import type {InstallContext} from './install-context.js'
import {reportIfUpToDate} from './up-to-date.js'

/**
 * Installs what the manifest asks for, at the lockfile's versions where they fit, and brings the lockfile in line.
 *
 * @throws {ApkgError} what reading, resolving and `installGraph` throw.
 */
export async function installProject(context: InstallContext): Promise<InstallReport> {
  const {project: projectFolder} = context
  const folder = new PackagesFolder(projectFolder)
  const report = await reportIfUpToDate(await readProject(projectFolder), folder, context, {
    rehash: false,
    keepsLink: () => true,
  })
  if (report) return report
  const [{installGraph}, {loaderOf}, {resolveProject}, {withProjectLock}, {readLockfile}] = await Promise.all([
    import('./install-graph.js'),
    import('./packument-loader.js'),
    import('./resolve-project.js'),
    import('./project-lock.js'),
    import('../lockfile/read-lockfile.js'),
  ])
  return withProjectLock(folder, async (lock) => {
    const project = await readProject(projectFolder)
    const previous = await readLockfile(projectFolder)
    const load = await loaderOf(context)
    const {registry} = context.client
    const graph = await resolveProject(project.manifest.dependencies, previous, {registry, load})
    return installGraph({project, previous, graph, load}, folder, context, lock)
  })
}
