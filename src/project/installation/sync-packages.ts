import {setImmediate} from 'node:timers/promises'

import {failure, type HeldLock, type Progress} from '@apkg/command-kit'

import type {LockedPackage} from '../../catalog/lockfile/lockfile.js'
import {assertReplaceable} from './assert-replaceable.js'

import {compareWithLedger} from './compare-with-ledger.js'
import {orphansOf, packageIds, type LedgerPackage, type Ledger, type PackageId} from './ledger.js'
import {limiter} from './limiter.js'
import {linkedPackages, type LinkedPackage} from './linked-packages.js'
import type {StatusReport} from './status-report.js'
import type {VersionStatus} from './version-status.js'
import type {DeprecatedVersion} from './deprecations.js'
import type {PackagesFolder} from './packages-folder.js'
import type {StagedPackage} from './stage-package.js'
import {withStaging, type Staging} from './staging.js'
import type {Replacement} from './swap-packages.js'
import {TarballSource} from './tarball-source.js'
import type {InstallContext} from './install-context.js'
import {writeInstallation} from './write-installation.js'

/** The state that the packages of a project should have. */
export interface SyncGoal {
  packages: ReadonlyMap<string, LockedPackage>
  /** See `input-digest.ts`. */
  basis: string
  /** Whether to hash every installed file instead of trusting its size and times. */
  rehash: boolean
  /** Whether a linked package stays linked. If not, the installed package replaces the link. */
  keepsLink: (name: string) => boolean
  /** What the registry says about the packages. It can arrive while they are staged. */
  status: VersionStatus | Promise<VersionStatus>
  /** Throws if the signatures of packages about to be installed are not acceptable. */
  verifySignatures: (missing: readonly LockedPackage[]) => Promise<void>
  /** Writes the project's own files; if it fails, the packages are rolled back. */
  commit: () => Promise<void>
}

/** What changed in a project's packages, each list by name. */
export interface PackageChanges {
  installed: LockedPackage[]
  removed: PackageId[]
  unchanged: number
  /** Names of packages that were found but not installed by apkg. */
  unmanaged: string[]
  /** Packages that are linked, and so were not installed. */
  linked: LinkedPackage[]
  /** Packages that are no longer linked. */
  unlinked: LinkedPackage[]
  status: StatusReport
  /** Deprecations that the registry reported, including those of packages that were not installed. */
  deprecated: readonly DeprecatedVersion[]
}

/**
 * Makes the installed packages match a goal. Everything missing is downloaded, verified and unpacked to staging before
 * the first package changes, and a failure leaves all of them unchanged. See `writeInstallation` for the order of writes.
 *
 * @throws {ApkgError} `FOLDER_UNMANAGED`, `FILE_UNWRITABLE`, `STORE_LOCKED`; the errors of `assertInstallable`,
 *   `verifySignatures`, `stagePackage` and `commit`.
 */
export async function syncPackages(
  folder: PackagesFolder,
  goal: SyncGoal,
  context: InstallContext,
  lock: HeldLock,
): Promise<PackageChanges> {
  const asking = Promise.resolve(goal.status)
  // It is awaited later, so its error isn't an unhandled one.
  asking.catch(() => undefined)
  const before = await folder.readLedger(context.home)
  const present = linkedPackages(folder, before)
  const linked = present.filter(({name}) => goal.keepsLink(name))
  const unlinked = present.filter(({name}) => !goal.keepsLink(name))
  const links = new Set(linked.map(({name}) => name))
  const orphans = orphansOf(before, goal.packages).filter((name) => !links.has(name))
  folder.assertReal([...goal.packages.keys(), ...orphans, ...before.links], before.links)
  const wanted = [...goal.packages.values()].filter(({name}) => !links.has(name))
  const {intact, missing} = await compareInstalled(folder, wanted, before, goal.rehash)
  const managed = new Set([...before.packages.keys(), ...before.changing, ...before.links])
  const unknown = missing.filter(({name}) => !managed.has(name))
  await assertReplaceable(
    folder,
    unknown.map(({name}) => name),
  )
  const unneededLinks = unlinked.filter(({name}) => !goal.packages.has(name)).map(({name}) => name)
  const removed = new Set([...orphans, ...unneededLinks])
  const status = await withStaging(folder, async (staging) => {
    const checking = asking.then((found) => found.assertInstallable(missing, context))
    const staged = await unlessRefused(checking, async (isRefused) => {
      await goal.verifySignatures(missing)
      return stageAll(missing, context, staging, isRefused)
    })
    const installed = staged.map(({folder: _, ...rest}) => rest)
    const packages = new Map([...intact, ...installed].sort(byName).map((each) => [each.name, each]))
    lock.assertHeld()
    await writeInstallation(folder, staging, context.home, {
      before,
      after: {basis: goal.basis, packages, changing: new Set(), links},
      replacements: [
        ...staged.map((each): Replacement => ({name: each.name, staged: each.folder})),
        ...[...removed].map((name): Replacement => ({name, staged: undefined})),
      ],
      commit: goal.commit,
    })
    return asking
  })
  return {
    installed: missing,
    removed: packageIds(before, orphans),
    unchanged: intact.length,
    unmanaged: folder.present().filter((name) => !goal.packages.has(name) && !links.has(name)),
    linked,
    unlinked,
    status: status.reportOn(wanted),
    deprecated: status.deprecated,
  }
}

function byName(a: {name: string}, b: {name: string}): number {
  return a.name < b.name ? -1 : 1
}

/** Separates the packages that are installed and intact from those to install. */
async function compareInstalled(
  folder: PackagesFolder,
  packages: readonly LockedPackage[],
  ledger: Ledger,
  rehash: boolean,
): Promise<{intact: LedgerPackage[]; missing: LockedPackage[]}> {
  const intact: LedgerPackage[] = []
  const missing: LockedPackage[] = []
  for (const wanted of packages) {
    const known = ledger.changing.has(wanted.name) ? undefined : ledger.packages.get(wanted.name)
    const isWanted = known?.version === wanted.version && known.integrity === wanted.integrity
    const examined = isWanted ? await compareWithLedger(folder.packagePath(wanted.name), known, rehash) : undefined
    if (known && examined?.isIntact) intact.push({...known, files: examined.files})
    else missing.push(wanted)
  }
  return {intact, missing}
}

/**
 * Works while something is checked, and waits for both. The error of the check comes first, because it can be the reason for
 * the other.
 *
 * @param work gets a function that returns whether the check has failed, so that the rest can be skipped.
 */
async function unlessRefused<Result>(
  checking: Promise<void>,
  work: (isRefused: () => boolean) => Promise<Result>,
): Promise<Result> {
  let isRefused = false
  checking.catch(() => {
    isRefused = true
  })
  const [checked, worked] = await Promise.allSettled([checking, work(() => isRefused)])
  for (const each of [checked, worked]) if (each.status === 'rejected') throw each.reason
  return (worked as PromiseFulfilledResult<Result>).value
}

/** Stages packages, several at a time. After the first failure no other is started, and running ones are awaited. */
async function stageAll(
  packages: readonly LockedPackage[],
  {registries, cacheFolder, downloads, interrupted, progress}: InstallContext,
  staging: Staging,
  isRefused: () => boolean,
): Promise<StagedPackage[]> {
  if (packages.length === 0) return []
  const {stagePackage} = await import('./stage-package.js')
  const bar: Progress = progress(packages.length)
  const tarballs = new TarballSource(registries, cacheFolder, staging.nextPath(), (bytes) => {
    bar.transfer(bytes)
  })
  const limit = limiter(downloads)
  let hasFailed = false
  const stage = async (wanted: LockedPackage) => {
    // Staging from the cache never gives the event loop a turn, and without one no response arrives.
    await setImmediate()
    if (hasFailed || isRefused()) return undefined
    try {
      if (interrupted.aborted) throw failure('INTERRUPTED')
      const staged = await stagePackage(wanted, registries.of(wanted.name), tarballs, staging)
      bar.advance()
      return staged
    } catch (error) {
      hasFailed = true
      throw error
    }
  }
  const outcomes = await Promise.allSettled(packages.map((wanted) => limit(() => stage(wanted))))
  await bar.end()
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed) throw failed.reason
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' && outcome.value ? [outcome.value] : []))
}
