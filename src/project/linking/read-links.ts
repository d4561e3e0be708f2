import {readLedgerKey} from '../installation/ledger-key.js'
import {readLedger} from '../installation/ledger.js'
import {linkedPackages, type LinkedPackage} from '../installation/linked-packages.js'
import {PackagesFolder} from '../installation/packages-folder.js'

/**
 * The packages of a project that are linked, by name.
 *
 * @param project the project's folder, absolute.
 * @param home the user's home directory.
 */
export async function readLinks(project: string, home: string): Promise<LinkedPackage[]> {
  const folder = new PackagesFolder(project)
  return linkedPackages(folder, await readLedger(folder.ledger, await readLedgerKey(home)))
}
