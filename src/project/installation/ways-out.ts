import {isApkgError} from '@apkg/command-kit'

import type {LockedPackage} from '../../catalog/lockfile/lockfile.js'
import {readLockfile} from '../lockfile/read-lockfile.js'
import {readProject} from '../read-project.js'
import {verifyGraph} from './install-graph.js'
import type {InstallContext} from './install-context.js'
import type {PackageId} from './ledger.js'
import {planUpdate, type UpdateOptions} from './update-packages.js'

interface WithdrawnPackage extends PackageId {
  /** A key that was revoked as compromised, if that is why the version is refused. */
  keyId?: string
}

/**
 * The commands that move a project away from a version that can't be installed, the best first. An update is tried
 * without changing anything, so that it isn't suggested if it would fail.
 */
export async function waysOut(withdrawn: WithdrawnPackage, context: InstallContext): Promise<string[]> {
  const {name} = withdrawn
  const {dependencies} = (await readProject(context.project)).manifest
  const isDirect = Object.hasOwn(dependencies, name)
  const update = isDirect ? `apkg update ${name}` : 'apkg update'
  const names = isDirect ? [name] : []
  const next = await versionAfter({names, latest: false}, withdrawn, context)
  if (next !== undefined) return [`run \`${update}\` to ${changeTo(name, next)}, then commit apkg-lock.json`]
  const latest = isDirect ? await versionAfter({names, latest: true}, withdrawn, context) : undefined
  if (latest !== undefined) {
    return [
      `run \`apkg update --latest ${name}\` to ${changeTo(name, latest)}, which the range in apkg.json doesn't allow, then commit both files`,
    ]
  }
  const roots = isDirect ? [name] : await rootsOf(name, Object.keys(dependencies), context)
  if (roots.length === 0) return []
  const removal = `run \`apkg remove ${roots.join(' ')}\``
  return [
    isDirect
      ? `no other version can be installed; until its publisher releases one, ${removal}`
      : `no other version of ${name} can be installed; to remove the ${roots.length === 1 ? 'package that requires' : 'packages that require'} it, ${removal}`,
  ]
}

function changeTo(name: string, version: string | null): string {
  return version === null ? `remove ${name}` : `change to ${name}@${version}`
}

/** The version after an update; null if the package isn't needed anymore. Undefined if the update wouldn't help. */
async function versionAfter(
  options: Pick<UpdateOptions, 'names' | 'latest'>,
  {name, version, keyId}: WithdrawnPackage,
  context: InstallContext,
): Promise<string | null | undefined> {
  try {
    const plan = await planUpdate({...options, dryRun: true, isTrial: true}, context)
    const {signed} = await verifyGraph(plan, context)
    const next = signed.get(name)
    if (!next) return null
    return next.version === version || (keyId !== undefined && next.signer === keyId) ? undefined : next.version
  } catch (error) {
    if (!isApkgError(error)) throw error
    return undefined
  }
}

/** The direct dependencies through which a package is required, according to the lockfile. */
async function rootsOf(name: string, direct: readonly string[], {project}: InstallContext): Promise<string[]> {
  const locked = (await readLockfile(project))?.lockfile.packages ?? new Map<string, LockedPackage>()
  return direct.filter((root) => reaches(root, name, locked)).sort()
}

function reaches(root: string, wanted: string, locked: ReadonlyMap<string, LockedPackage>): boolean {
  const seen = new Set([root])
  for (const each of seen) {
    if (each === wanted) return true
    for (const dependency of Object.keys(locked.get(each)?.dependencies ?? {})) seen.add(dependency)
  }
  return false
}
