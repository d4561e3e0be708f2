import {readProject} from '../read-project.js'
import type {InstallContext} from './install-context.js'
import type {InstallReport} from './install-graph.js'
import {PackagesFolder} from './packages-folder.js'
import {reportIfUpToDate} from './up-to-date.js'

/**
 * Installs what the manifest requires, at the locked versions where they satisfy it, and updates the lockfile to match.
 *
 * @throws {ApkgError} the errors of `reportIfUpToDate` and `resolveAndInstall`.
 */
export async function installProject(context: InstallContext): Promise<InstallReport> {
  const folder = new PackagesFolder(context.project)
  const report = await reportIfUpToDate(await readProject(context.project), folder, context, {
    rehash: false,
    keepsLink: () => true,
  })
  if (report) return report
  const {resolveAndInstall} = await import('./resolve-and-install.js')
  return resolveAndInstall(folder, context)
}
