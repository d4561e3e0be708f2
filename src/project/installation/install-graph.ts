import type {HeldLock} from '@apkg/command-kit'

import {lockfileFor} from '../../catalog/lockfile/format-lockfile.js'
import type {LockedPackage, PackageOrigins, ReadLockfile} from '../../catalog/lockfile/lockfile.js'
import type {Project} from '../read-project.js'
import type {ResolvedPackage} from '../resolution/resolved-package.js'
import {InstallTimeCheck, type SignatureReport} from '../../trust/signatures/install-time-check.js'
import {inputDigest} from './input-digest.js'
import {deprecationsOf} from './deprecations.js'
import type {InstallContext} from './install-context.js'
import type {PackagesFolder} from './packages-folder.js'
import {linkedPackages} from './linked-packages.js'
import type {PackumentLoader} from './packument-loader.js'
import {syncPackages, type PackageChanges} from './sync-packages.js'
import {fetchStatus, type VersionStatus} from './version-status.js'
import {writeLockfileAndManifest} from '../lockfile/write-lockfile.js'

/** What an installation did. */
export interface InstallReport extends PackageChanges {
  registry: string
  /** Warnings about the project's manifest, one printable sentence each. */
  warnings: string[]
  signatures: SignatureReport
}

/** A resolved graph to install in a project. */
export interface GraphInstallation {
  project: Project
  previous: ReadLockfile | undefined
  /** By name. */
  graph: ReadonlyMap<string, ResolvedPackage>
  loader: PackumentLoader
  /** The new manifest; left out if it does not change. */
  manifest?: {text: string; dependencies: Readonly<Record<string, string>>}
  /** A package whose link is removed. */
  unlinked?: string
}

/** Packages whose status the registry is asked for. */
export interface StatusRequest extends Pick<GraphInstallation, 'previous' | 'graph' | 'unlinked'> {
  /** Whether locked packages must be installable too, and not only those whose version changes. */
  includesLocked: boolean
}

/**
 * Installs a graph, and writes lockfile and manifest if they change. The caller holds the project's lock.
 *
 * @throws {ApkgError} `FILE_UNWRITABLE`; the errors of `verifyGraph` and `syncPackages`.
 */
export async function installGraph(
  {project, previous, graph, loader, manifest, unlinked, status}: GraphInstallation & {status: VersionStatus},
  folder: PackagesFolder,
  context: InstallContext,
  lock: HeldLock,
): Promise<InstallReport> {
  const {registries} = context
  const {registry, elsewhere} = registries
  const {check, signed} = await verifyGraph({previous, graph, loader}, context)
  const lockfile = lockfileText(previous, signed, registries)
  const {dependencies} = manifest ?? project.manifest
  const changes = await syncPackages(
    folder,
    {
      packages: signed,
      basis: inputDigest({registry, elsewhere, dependencies, lockfile, signatures: check.policy}),
      rehash: false,
      status,
      verifySignatures: (missing) => check.verify(missing),
      keepsLink: (name) => name !== unlinked,
      commit: () =>
        writeLockfileAndManifest(project.folder, {
          lockfile: {before: previous?.text, after: lockfile},
          manifest: {before: project.isNew ? undefined : project.text, after: manifest?.text ?? project.text},
        }),
    },
    context,
    lock,
  )
  return {
    registry,
    ...changes,
    deprecated: await deprecationsOf(changes.installed, loader, changes.deprecated),
    warnings: project.warnings,
    signatures: check.report,
  }
}

/**
 * Asks each registry once for the status of its packages: those of a graph, except linked ones, and the locked versions
 * that they replace.
 *
 * @throws {ApkgError} the errors of `fetchStatus` and `VersionStatus.assertInstallable`.
 */
export async function graphStatus(
  {previous, graph, unlinked, includesLocked}: StatusRequest,
  folder: PackagesFolder,
  context: InstallContext,
): Promise<VersionStatus> {
  const linked = linkedPackages(folder, await folder.readLedger(context.home)).map(({name}) => name)
  const links = new Set(linked.filter((name) => name !== unlinked))
  const packages = [...graph.values()].filter(({name}) => !links.has(name))
  const locked = previous?.lockfile.packages
  const changed = packages.filter(({name, version}) => locked?.get(name)?.version !== version)
  const replaced = changed.flatMap(({name}) => locked?.get(name) ?? [])
  const status = await fetchStatus([...packages, ...replaced], context)
  await status.assertInstallable(includesLocked ? packages : changed, context)
  return status
}

/**
 * Verifies the signatures of a graph before anything is installed.
 *
 * @returns `signed`: the graph with the signers of its packages.
 * @throws {ApkgError} the errors of `InstallTimeCheck.withSigners`.
 */
export async function verifyGraph(
  {previous, graph, loader}: Pick<GraphInstallation, 'previous' | 'graph' | 'loader'>,
  context: InstallContext,
): Promise<{check: InstallTimeCheck; signed: ReadonlyMap<string, ResolvedPackage>}> {
  const check = await InstallTimeCheck.begin(context, {load: loader, locked: previous?.lockfile.packages})
  return {check, signed: await check.withSigners(graph)}
}

/** A project without packages gets no lockfile, but keeps an existing one. */
function lockfileText(
  previous: ReadLockfile | undefined,
  packages: ReadonlyMap<string, LockedPackage>,
  origins: PackageOrigins,
): string | undefined {
  return previous === undefined && packages.size === 0 ? undefined : lockfileFor(previous, packages, origins)
}
