import path from 'node:path'

import {lockfileName} from '../../catalog/lockfile/lockfile.js'
import {readLockfileText} from '../lockfile/read-lockfile-text.js'
import type {Project} from '../read-project.js'
import {readTrust} from '../../trust/trust-store.js'
import {inputDigest} from './input-digest.js'
import type {InstallReport} from './install-graph.js'

import {linkedPackages} from './linked-packages.js'
import type {PackagesFolder} from './packages-folder.js'
import {fetchStatus} from './version-status.js'
import {nothingToVerify} from '../../trust/signatures/signature-report.js'
import type {InstallContext} from './install-context.js'
import type {SyncGoal} from './sync-packages.js'
import {compareWithLedger} from './compare-with-ledger.js'

/**
 * The report of an installation that has nothing to do; undefined if there is something to do. It writes nothing, so it
 * needs no lock, and it loads neither the lockfile parser nor the resolver. The only request is for the status of the
 * installed packages.
 *
 * @throws {ApkgError} `FOLDER_UNMANAGED`, `ROUTE_CONTRADICTED`; the errors of `readTrust`, `fetchStatus` and
 *   `VersionStatus.assertInstallable`.
 */
export async function reportIfUpToDate(
  {folder: projectFolder, manifest: {dependencies}, warnings}: Project,
  folder: PackagesFolder,
  context: InstallContext,
  {rehash, keepsLink}: Pick<SyncGoal, 'rehash' | 'keepsLink'>,
): Promise<InstallReport | undefined> {
  const {home, registries} = context
  const {registry, elsewhere} = registries
  registries.assertSomeSelected(Object.keys(dependencies))
  const ledger = await folder.readLedger(home)
  const lockfile = await readLockfileText(path.join(projectFolder, lockfileName)).catch(() => undefined)
  const {signatures} = await readTrust(home)
  const isEmpty = Object.keys(dependencies).length === 0 && lockfile === undefined && ledger.packages.size === 0
  if (!isEmpty && ledger.basis !== inputDigest({registry, elsewhere, dependencies, lockfile, signatures}))
    return undefined
  if (ledger.changing.size > 0) return undefined
  const linked = linkedPackages(folder, ledger)
  if (linked.length < ledger.links.size || !linked.every(({name}) => keepsLink(name))) return undefined
  folder.assertReal([...ledger.packages.keys(), ...ledger.links], ledger.links)
  for (const installed of ledger.packages.values()) {
    const {isIntact, files} = await compareWithLedger(folder.packagePath(installed.name), installed, rehash)
    // If times differ from the ledger, the ledger is updated once, so that the files are not read on every install.
    const isTouched = files.some((file, index) => file !== installed.files[index])
    if (!isIntact || (isTouched && !rehash)) return undefined
  }
  const installed = [...ledger.packages.values()]
  const status = await fetchStatus(installed, context, {areInstalled: true})
  await status.assertInstallable(installed, context)
  return {
    registry,
    installed: [],
    removed: [],
    unchanged: ledger.packages.size,
    unmanaged: folder.present().filter((name) => !ledger.packages.has(name) && !ledger.links.has(name)),
    linked,
    unlinked: [],
    status: status.report,
    deprecated: [],
    warnings,
    signatures: nothingToVerify,
  }
}
