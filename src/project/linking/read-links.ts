import {linkedPackages, type LinkedPackage} from '../installation/linked-packages.js'
import {PackagesFolder} from '../installation/packages-folder.js'

/**
 * The linked packages of a project, by name.
 *
 * @param project the project's directory, absolute.
 * @param home the user's home directory.
 */
export async function readLinks(project: string, home: string): Promise<LinkedPackage[]> {
  const folder = new PackagesFolder(project)
  return linkedPackages(folder, await folder.readLedger(home))
}
