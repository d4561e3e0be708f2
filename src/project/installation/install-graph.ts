import type {HeldLock} from '@apkg/command-kit'

import {lockfileFor} from '../../catalog/lockfile/format-lockfile.js'
import {type LockedPackage, type ReadLockfile} from '../../catalog/lockfile/lockfile.js'
import type {Project} from '../read-project.js'
import type {ResolvedPackage} from '../resolution/resolved-package.js'
import {InstallTimeCheck, type SignatureReport} from '../../trust/signatures/install-time-check.js'
import {assertAllTrusted} from '../../trust/trust-store.js'
import {inputDigest} from './input-digest.js'
import {deprecationsOf} from './deprecations.js'
import type {InstallContext} from './install-context.js'
import type {PackagesFolder} from './packages-folder.js'
import type {PackumentLoader} from './packument-loader.js'
import {syncPackages, type PackageChanges} from './sync-packages.js'
import {writeLockfileAndManifest} from '../lockfile/write-lockfile.js'

/** What an installation did. */
export interface InstallReport extends PackageChanges {
  registry: string
  /** What was not understood in the project's manifest, one printable sentence each. */
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

/**
 * Installs a graph, and writes lockfile and manifest if they change. The caller holds the project's lock.
 *
 * @throws {ApkgError} `FILE_UNWRITABLE`; the errors of `verifyGraph` and `syncPackages`.
 */
export async function installGraph(
  {project, previous, graph, loader, manifest, unlinked}: GraphInstallation,
  folder: PackagesFolder,
  context: InstallContext,
  lock: HeldLock,
): Promise<InstallReport> {
  const {registry} = context.client
  const {check, signed} = await verifyGraph({previous, graph, loader}, context)
  const lockfile = lockfileText(previous, signed, registry)
  const {dependencies} = manifest ?? project.manifest
  const changes = await syncPackages(
    folder,
    {
      packages: signed,
      basis: inputDigest({registry, dependencies, lockfile, signatures: check.policy}),
      rehash: false,
      verifySignatures: (missing) => check.verify(missing),
      keepsLink: (name) => name !== unlinked,
      commit: () =>
        writeLockfileAndManifest(project.folder, {
          lockfile: {before: previous?.text, after: lockfile},
          manifest: {before: project.text, after: manifest?.text ?? project.text},
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
 * Checks a graph before anything is installed: its scopes may come from this registry, and its signatures are acceptable.
 *
 * @returns `signed`: the graph with the signers of its packages.
 * @throws {ApkgError} `SCOPE_PINNED`; the errors of `InstallTimeCheck.withSigners`.
 */
export async function verifyGraph(
  {previous, graph, loader}: Pick<GraphInstallation, 'previous' | 'graph' | 'loader'>,
  context: InstallContext,
): Promise<{check: InstallTimeCheck; signed: ReadonlyMap<string, ResolvedPackage>}> {
  await assertAllTrusted(graph.keys(), context.home, context.client.registry)
  const check = await InstallTimeCheck.begin(context, {load: loader, locked: previous?.lockfile.packages})
  return {check, signed: await check.withSigners(graph)}
}

/** A project without packages gets no lockfile, but keeps an existing one. */
function lockfileText(
  previous: ReadLockfile | undefined,
  packages: ReadonlyMap<string, LockedPackage>,
  registry: string,
): string | undefined {
  return previous === undefined && packages.size === 0 ? undefined : lockfileFor(previous, packages, registry)
}
