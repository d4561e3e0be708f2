import type {LockedPackage} from '../../catalog/lockfile/lockfile.js'
import {InstallTimeCheck} from '../../trust/signatures/install-time-check.js'
import {inputDigest} from './input-digest.js'
import {deprecationsOf} from './deprecations.js'
import type {InstallContext} from './install-context.js'
import type {InstallReport} from './install-graph.js'
import type {PackagesFolder} from './packages-folder.js'
import {PackumentLoader} from './packument-loader.js'
import {withProjectLock} from './project-lock.js'
import {readFrozenProject} from './read-frozen-project.js'
import {syncPackages} from './sync-packages.js'
import {fetchStatus, type VersionStatus} from './version-status.js'

/**
 * Installs the packages of the lockfile, replacing links. `installFrozen` loads this module only when there is something
 * to do.
 *
 * @throws {ApkgError} the errors of `readFrozenProject`, `fetchStatus`, `InstallTimeCheck` and `syncPackages`. Nothing has changed then.
 */
export async function installLocked(folder: PackagesFolder, context: InstallContext): Promise<InstallReport> {
  const {registry, elsewhere} = context.registries
  return withProjectLock(folder, async (lock) => {
    const {project, previous} = await readFrozenProject(context)
    const {dependencies} = project.manifest
    const loader = new PackumentLoader(context)
    const locked = previous?.lockfile.packages ?? new Map<string, LockedPackage>()
    const check = await InstallTimeCheck.begin(context, {load: loader, locked, isFrozen: true})
    const status = installableStatus([...locked.values()], context)
    const changes = await syncPackages(
      folder,
      {
        packages: locked,
        basis: inputDigest({registry, elsewhere, dependencies, lockfile: previous?.text, signatures: check.policy}),
        rehash: true,
        keepsLink: () => false,
        status,
        verifySignatures: async (missing) => {
          await check.assertSigned(locked.values())
          await check.verify(missing)
        },
        commit: () => Promise.resolve(),
      },
      context,
      lock,
    )
    const deprecated = await deprecationsOf(changes.installed, loader, changes.deprecated)
    return {registry, ...changes, deprecated, warnings: project.warnings, signatures: check.report}
  })
}

/** The status of packages, all of which must be installable. */
async function installableStatus(packages: readonly LockedPackage[], context: InstallContext): Promise<VersionStatus> {
  const status = await fetchStatus(packages, context)
  await status.assertInstallable(packages, context)
  return status
}
