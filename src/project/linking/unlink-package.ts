import {failure} from '../failures.js'
import {graphStatus, installGraph, type InstallReport} from '../installation/install-graph.js'
import type {InstallContext} from '../installation/install-context.js'
import {PackagesFolder} from '../installation/packages-folder.js'
import {PackumentLoader} from '../installation/packument-loader.js'
import {withProjectLock} from '../installation/project-lock.js'
import {resolveProject} from '../installation/resolve-project.js'
import {readLockfile} from '../lockfile/read-lockfile.js'
import {readProject} from '../read-project.js'
import {readLinks} from './read-links.js'
import type {UnlinkResult} from './unlink.js'

export interface UnlinkReport extends UnlinkResult {
  /** The result of the installation that followed. */
  installation: InstallReport
}

/**
 * Removes a package's link, and installs the package instead if the project needs it. The linked directory is unchanged.
 *
 * @throws {ApkgError} `LINK_NOT_FOUND`; the errors of reading, resolving, `graphStatus` and `installGraph`. Nothing has changed then.
 */
export async function unlinkPackage(name: string, context: InstallContext): Promise<UnlinkReport> {
  const {project: projectFolder, home} = context
  await assertLinked(name, projectFolder, home)
  const folder = new PackagesFolder(projectFolder)
  return withProjectLock(folder, async (lock) => {
    await assertLinked(name, projectFolder, home)
    const project = await readProject(projectFolder)
    const previous = await readLockfile(projectFolder)
    const loader = new PackumentLoader(context)
    const graph = await resolveProject(project.manifest.dependencies, previous, {
      origins: context.registries,
      loader,
    })
    const request = {previous, graph, unlinked: name}
    const status = await graphStatus({...request, includesLocked: false}, folder, context)
    const installation = await installGraph({...request, project, loader, status}, folder, context, lock)
    return {name, status: 'unlinked', installed: graph.get(name)?.version ?? null, installation}
  })
}

async function assertLinked(name: string, project: string, home: string): Promise<void> {
  const links = await readLinks(project, home)
  if (!links.some((link) => link.name === name)) throw failure('LINK_NOT_FOUND', {name})
}
