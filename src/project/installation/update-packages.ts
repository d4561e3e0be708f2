import type {ReadLockfile} from '../../catalog/lockfile/lockfile.js'
import type {SignatureReport} from '../../trust/signatures/signature-report.js'
import {assertSameRegistry} from '../lockfile/assert-same-registry.js'
import {readLockfile} from '../lockfile/read-lockfile.js'
import {withDependencies} from '../edit-dependencies.js'
import {readProject, type Project} from '../read-project.js'
import {parseRange} from '../../catalog/range.js'
import type {ResolvedPackage} from '../resolution/resolved-package.js'
import {requirementOf} from '../../catalog/spec.js'
import {assertDependencies} from './assert-dependencies.js'
import {deprecationsOf, type DeprecatedVersion} from './deprecations.js'
import {graphStatus, verifyGraph, installGraph, type InstallReport} from './install-graph.js'
import type {InstallContext} from './install-context.js'
import {PackagesFolder} from './packages-folder.js'
import {PackumentLoader} from './packument-loader.js'
import {withProjectLock} from './project-lock.js'
import {resolveProject} from './resolve-project.js'
import type {VersionStatus} from './version-status.js'

export interface UpdateOptions {
  /** Packages to update; if empty, all of them, including transitive dependencies. */
  names: readonly string[]
  /** Whether to update to the newest versions, and to change the manifest's ranges that do not allow them. */
  latest: boolean
  /** Whether to change nothing. */
  dryRun: boolean
  /** Whether a failure needn't be explained. */
  isTrial?: boolean
}

/** A package whose version or range changes. */
export interface Update {
  name: string
  /** The locked version; null if the package is new. */
  from: string | null
  /** The new version; null if the package is no longer needed. */
  to: string | null
  /** The change to the version range in `apkg.json`; null if it stays the same. */
  range: RangeChange | null
  /** The registry's reason, if it took down the version in `from`; otherwise null. */
  takenDown: string | null
}

/** A version range before and after. */
export interface RangeChange {
  from: string
  to: string
}

export interface UpdateReport {
  registry: string
  /** By name. */
  updates: Update[]
  hasDependencies: boolean
  /** Warnings about the project's manifest, one printable sentence each. */
  warnings: string[]
  /** Of the packages that were, or would be, installed. */
  deprecated: DeprecatedVersion[]
  /** Of the packages that were, or would be, installed. */
  signatures: SignatureReport
  /** What the installation did; undefined for a dry run. */
  installation: InstallReport | undefined
}

export interface UpdatePlan {
  project: Project
  previous: ReadLockfile | undefined
  graph: ReadonlyMap<string, ResolvedPackage>
  dependencies: Record<string, string>
  updates: Omit<Update, 'takenDown'>[]
  loader: PackumentLoader
}

/**
 * Finds newer versions of a project's dependencies and installs them. A dry run makes all checks of `verifyGraph`.
 *
 * @throws {ApkgError} `NOT_A_DEPENDENCY`, `ROUTE_CONTRADICTED`; the errors of reading, resolving, `graphStatus` and `installGraph`. Nothing has changed
 *   then.
 */
export async function updatePackages(options: UpdateOptions, context: InstallContext): Promise<UpdateReport> {
  const {manifest} = await readProject(context.project)
  assertDependencies(options.names, {manifest})
  context.registries.assertSomeSelected(Object.keys(manifest.dependencies))
  context.registries.assertNoneContradicted(options.names)
  const folder = new PackagesFolder(context.project)
  if (options.dryRun) {
    const plan = await planUpdate(options, context)
    const status = await graphStatus({...plan, includesLocked: false}, folder, context)
    const {check} = await verifyGraph(plan, context)
    return reportOf(plan, {status, signatures: check.report, installation: undefined}, context)
  }
  return withProjectLock(folder, async (lock) => {
    const plan = await planUpdate(options, context)
    const {project, previous, graph, dependencies, loader} = plan
    const manifest = {text: withDependencies(project, () => dependencies), dependencies}
    const status = await graphStatus({previous, graph, includesLocked: false}, folder, context)
    const installation = await installGraph({project, previous, graph, manifest, loader, status}, folder, context, lock)
    return reportOf(plan, {status, signatures: installation.signatures, installation}, context)
  })
}

async function reportOf(
  {project: {manifest, warnings}, updates: changes, loader}: UpdatePlan,
  {status, signatures, installation}: Pick<UpdateReport, 'signatures' | 'installation'> & {status: VersionStatus},
  {registries: {registry}}: InstallContext,
): Promise<UpdateReport> {
  const updates = changes.map((each): Update => {
    const reason = each.from === null ? undefined : status.takenDown({name: each.name, version: each.from})
    return {...each, takenDown: reason ?? null}
  })
  const hasDependencies = Object.keys(manifest.dependencies).length > 0
  const chosen = updates.flatMap(({name, to}) => (to === null ? [] : [{name, version: to}]))
  const deprecated = await deprecationsOf(chosen, loader)
  return {registry, updates, hasDependencies, warnings, deprecated, signatures, installation}
}

/** Resolves an update without changing anything. @throws {ApkgError} as `updatePackages` does, except for installing. */
export async function planUpdate(
  {names, latest, isTrial = false}: UpdateOptions,
  context: InstallContext,
): Promise<UpdatePlan> {
  const project = await readProject(context.project)
  assertDependencies(names, project)
  const before = project.manifest.dependencies
  const previous = await readLockfile(context.project)
  // Nothing may be requested from a registry other than the locked one.
  if (previous) assertSameRegistry(previous.lockfile, context.registries)
  const locked = previous?.lockfile.packages
  const targets = names.length > 0 ? names : Object.keys(before)
  const loader = new PackumentLoader(context)
  const newest = latest
    ? await Promise.all(
        targets.map(async (name) => [name, requirementOf(undefined, await loader.choices(name))] as const),
      )
    : []
  const roots = {...before, ...Object.fromEntries(newest.map(([name, {range}]) => [name, range]))}
  const unlocked = new Set(names.length > 0 ? names : [...targets, ...(locked?.keys() ?? [])])
  const requested = new Set(latest ? targets : [])
  const graph = await resolveProject(
    roots,
    previous,
    {origins: context.registries, loader, isTrial},
    {unlocked, requested},
  )
  const dependencies = {...before}
  for (const [name, {saved}] of newest) {
    const version = graph.get(name)?.version ?? ''
    if (!parseRange(before[name] ?? '')?.test(version)) dependencies[name] = saved
  }
  const updates = [...new Set([...(locked?.keys() ?? []), ...graph.keys()])]
    .sort()
    .flatMap((name): UpdatePlan['updates'] => {
      const [from, to] = [locked?.get(name)?.version ?? null, graph.get(name)?.version ?? null]
      const [old, now] = [before[name], dependencies[name]]
      const range = old === undefined || now === undefined || old === now ? null : {from: old, to: now}
      return from === to && !range ? [] : [{name, from, to, range}]
    })
  return {project, previous, graph, dependencies, updates, loader}
}
