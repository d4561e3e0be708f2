import type {InstallContext} from './install-context.js'
import type {InstallReport} from './install-graph.js'
import {PackagesFolder} from './packages-folder.js'
import {readFrozenProject} from './read-frozen-project.js'
import {reportIfUpToDate} from './up-to-date.js'

/**
 * Installs exactly what the lockfile contains, and writes nothing but packages. Nothing is resolved, and every installed
 * file is hashed and compared with the ledger.
 *
 * @throws {ApkgError} the errors of `readFrozenProject`, `reportIfUpToDate` and `installLocked`. Nothing has changed
 *   then.
 */
export async function installFrozen(context: InstallContext): Promise<InstallReport> {
  const folder = new PackagesFolder(context.project)
  const {project} = await readFrozenProject(context)
  const report = await reportIfUpToDate(project, folder, context, {rehash: true, keepsLink: () => false})
  if (report) return report
  const {installLocked} = await import('./install-locked.js')
  return installLocked(folder, context)
}
