import path from 'node:path'

import type {HeldLock} from '@apkg/command-kit'
import {manifestFile} from '@apkg/package-format'

import {lockfileFor} from '../../catalog/lockfile/format-lockfile.js'
import {lockfileName, type LockedPackage, type ReadLockfile} from '../../catalog/lockfile/lockfile.js'
import type {Project} from '../read-project.js'
import type {ResolvedPackage} from '../resolution/resolved-package.js'
import {SignatureCheck, type SignatureReport} from '../../trust/signatures/check-signatures.js'
import {assertAllTrusted} from '../../trust/trust.js'
import {basisOf} from './basis.js'
import {deprecationsOf, type Deprecation} from './deprecations.js'
import type {Loader} from './packument-loader.js'
import type {PackagesFolder} from './packages-folder.js'
import {writeProjectFiles} from './write-project-files.js'
import type {InstallContext} from './install-context.js'
import {syncPackages, type Changes} from './sync-packages.js'

/** What an installation did. */
export interface InstallReport extends Changes {
  registry: string
  /** Of the packages that were installed. */
  deprecated: Deprecation[]
  /** What was not understood in the project's manifest, a printable sentence each. */
  warnings: string[]
  signatures: SignatureReport
}

/** A project, and what it shall become. */
export interface Target {
  project: Project
  previous: ReadLockfile | undefined
  /** By name. */
  graph: ReadonlyMap<string, ResolvedPackage>
  load: Loader
  /** What the manifest shall say; left out where it stays as it is. */
  manifest?: {text: string; dependencies: Readonly<Record<string, string>>}
  /** A package that shall not be linked any more. */
  unlinked?: string
}

/**
 * Installs a graph, and writes lockfile and manifest where they change. The caller holds the project's lock.
 *
 * @throws {ApkgError} `FILE_UNWRITABLE`; what `checkGraph` and `syncPackages` throw.
 */
export async function installGraph(
  {project, previous, graph, load, manifest, unlinked}: Target,
  folder: PackagesFolder,
  context: InstallContext,
  lock: HeldLock,
): Promise<InstallReport> {
  const {registry} = context.client
  const {check, signed} = await checkGraph({previous, graph, load}, context)
  const lockfile = lockfileText(previous, signed, registry)
  const {dependencies} = manifest ?? project.manifest
  const changes = await syncPackages(
    folder,
    {
      packages: signed,
      basis: basisOf({registry, dependencies, lockfile, signatures: check.policy}),
      rehash: false,
      checkSignatures: (missing) => check.verify(missing),
      keepsLink: (name) => name !== unlinked,
      commit: () =>
        writeProjectFiles([
          {file: path.join(project.folder, lockfileName), before: previous?.text, after: lockfile},
          {file: path.join(project.folder, manifestFile), before: project.text, after: manifest?.text ?? project.text},
        ]),
    },
    context,
    lock,
  )
  return {
    registry,
    ...changes,
    deprecated: await deprecationsOf(changes.installed, load),
    warnings: project.warnings,
    signatures: check.report,
  }
}

/**
 * Whether a graph may be installed, before anything of it is: from this registry, by those who have signed it.
 *
 * @returns `signed`: the graph with the signers of its packages.
 * @throws {ApkgError} `SCOPE_PINNED`; what `SignatureCheck.withSigners` throws.
 */
export async function checkGraph(
  {previous, graph, load}: Pick<Target, 'previous' | 'graph' | 'load'>,
  context: InstallContext,
): Promise<{check: SignatureCheck; signed: ReadonlyMap<string, ResolvedPackage>}> {
  await assertAllTrusted(graph.keys(), context.home, context.client.registry)
  const check = await SignatureCheck.begin(context, {load, locked: previous?.lockfile.packages})
  return {check, signed: await check.withSigners(graph)}
}

/** A project without packages needs no lockfile, and keeps the one that it has. */
function lockfileText(
  previous: ReadLockfile | undefined,
  packages: ReadonlyMap<string, LockedPackage>,
  registry: string,
): string | undefined {
  return previous === undefined && packages.size === 0 ? undefined : lockfileFor(previous, packages, registry)
}
