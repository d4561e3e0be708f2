import {failure} from '../failures.js'
import {assertSameRegistry, assertLockfileCurrent} from '../lockfile/assert-lockfile.js'
import type {LockedPackage, ReadLockfile} from '../../catalog/lockfile/lockfile.js'
import {readLockfile} from '../lockfile/read-lockfile.js'
import {readProject, type Project} from '../read-project.js'
import {assertAllTrusted} from '../../trust/trust.js'
import {basisOf} from './basis.js'
import {deprecationsOf} from './deprecations.js'
import type {InstallReport} from './install-graph.js'
import {PackagesFolder} from './packages-folder.js'
import type {InstallContext} from './install-context.js'
import {reportIfUpToDate} from './up-to-date.js'

/** What the lockfile holds, and no link instead. */
const exactly = {rehash: true, keepsLink: () => false}

/**
 * Installs exactly what the lockfile holds, and writes nothing but packages. Nothing is resolved, and every file that is
 * installed already is hashed and compared with the ledger.
 *
 * @throws {ApkgError} `LOCKFILE_NOT_FOUND`, `LOCKFILE_STALE`, `LOCKFILE_OTHER_REGISTRY`, `SCOPE_PINNED`; what reading and
 *   `syncPackages` throw. Nothing has changed then.
 */
export async function installFrozen(context: InstallContext): Promise<InstallReport> {
  const {project: projectFolder, client} = context
  const {registry} = client
  const folder = new PackagesFolder(projectFolder)
  const {project} = await readFrozen(context)
  const report = await reportIfUpToDate(project, folder, context, exactly)
  if (report) return report
  const [{syncPackages}, {withProjectLock}, {loaderOf}, {SignatureCheck}] = await Promise.all([
    import('./sync-packages.js'),
    import('./project-lock.js'),
    import('./packument-loader.js'),
    import('../../trust/signatures/check-signatures.js'),
  ])
  return withProjectLock(folder, async (lock) => {
    const {project, previous} = await readFrozen(context)
    const {dependencies} = project.manifest
    const load = await loaderOf(context)
    const locked = previous?.lockfile.packages ?? new Map<string, LockedPackage>()
    const check = await SignatureCheck.begin(context, {load, locked, isFrozen: true})
    await check.assertSigned(locked.values())
    const changes = await syncPackages(
      folder,
      {
        packages: locked,
        basis: basisOf({registry, dependencies, lockfile: previous?.text, signatures: check.policy}),
        ...exactly,
        checkSignatures: (missing) => check.verify(missing),
        commit: () => Promise.resolve(),
      },
      context,
      lock,
    )
    const deprecated = await deprecationsOf(changes.installed, load)
    return {registry, ...changes, deprecated, warnings: project.warnings, signatures: check.report}
  })
}

/** Manifest and lockfile, which agree. A project without dependencies may be without a lockfile. */
async function readFrozen({
  project: folder,
  home,
  client: {registry},
}: InstallContext): Promise<{project: Project; previous: ReadLockfile | undefined}> {
  const project = await readProject(folder)
  const previous = await readLockfile(folder)
  const {dependencies} = project.manifest
  if (!previous) {
    if (Object.keys(dependencies).length > 0) throw failure('LOCKFILE_NOT_FOUND', {folder})
    return {project, previous}
  }
  assertSameRegistry(previous.lockfile, registry)
  assertLockfileCurrent(previous.lockfile, dependencies)
  await assertAllTrusted(previous.lockfile.packages.keys(), home, registry)
  return {project, previous}
}
