import {failure, type HeldLock, type Progress} from '@apkg/command-kit'

import type {LockedPackage} from '../../catalog/lockfile/lockfile.js'
import {assertReplaceable} from './assert-replaceable.js'
import {change} from './write-installation.js'
import type {Replacement} from './swap-packages.js'
import {readLedgerKey} from './ledger-key.js'
import {orphansOf, packageIds, readLedger, type InstalledPackage, type Ledger, type PackageId} from './ledger.js'
import {limiter} from './limiter.js'
import {linkedPackages, type LinkedPackage} from './linked-packages.js'
import type {PackagesFolder} from './packages-folder.js'
import type {StagedPackage} from './stage-package.js'
import {withStaging, type Staging} from './staging.js'
import {Tarballs} from './tarballs.js'
import type {InstallContext} from './install-context.js'
import {examinePackage} from './examine-package.js'

/** What the packages of a project shall be. */
export interface Goal {
  packages: ReadonlyMap<string, LockedPackage>
  /** See `basis.ts`. */
  basis: string
  /** Whether every file is read to see that it is unchanged. */
  rehash: boolean
  /** Whether a package that is linked stays so; else its link gives way to what is wanted there, if anything is. */
  keepsLink: (name: string) => boolean
  /** Throws where the signatures of packages that are about to be installed are not to be accepted. */
  checkSignatures: (missing: readonly LockedPackage[]) => Promise<void>
  /** Writes the project's own files; what was installed is taken back when it fails. */
  commit: () => Promise<void>
}

/** What became of the packages of a project, each list by name. */
export interface Changes {
  installed: LockedPackage[]
  removed: PackageId[]
  unchanged: number
  /** Names of what lies among the packages and was not put there by apkg. */
  foreign: string[]
  /** What is linked, and so was not installed. */
  linked: LinkedPackage[]
  /** What was linked before. */
  unlinked: LinkedPackage[]
}

/**
 * Brings the installed packages in line with a goal. All that is missing is fetched, verified and unpacked beside its
 * place before the first package changes; a failure leaves everything as it was.
 * The order of writes is that of `change`.
 *
 * @throws {ApkgError} `FOLDER_UNMANAGED`, `FILE_UNWRITABLE`, `STORE_LOCKED`; what `checkSignatures`, `stagePackage` and
 *   `commit` throw.
 */
export async function syncPackages(
  folder: PackagesFolder,
  goal: Goal,
  context: InstallContext,
  lock: HeldLock,
): Promise<Changes> {
  const before = await readLedger(folder.ledger, await readLedgerKey(context.home))
  const present = linkedPackages(folder, before)
  const linked = present.filter(({name}) => goal.keepsLink(name))
  const unlinked = present.filter(({name}) => !goal.keepsLink(name))
  const links = new Set(linked.map(({name}) => name))
  const removed = orphansOf(before, goal.packages).filter((name) => !links.has(name))
  folder.assertReal([...goal.packages.keys(), ...removed, ...before.links], before.links)
  const wanted = [...goal.packages.values()].filter(({name}) => !links.has(name))
  const {whole, missing} = await compare(folder, wanted, before, goal.rehash)
  const ours = new Set([...before.packages.keys(), ...before.changing, ...before.links])
  const unknown = missing.filter(({name}) => !ours.has(name))
  await assertReplaceable(
    folder,
    unknown.map(({name}) => name),
  )
  await goal.checkSignatures(missing)
  const unwanted = unlinked.filter(({name}) => !goal.packages.has(name)).map(({name}) => name)
  const gone = new Set([...removed, ...unwanted])
  await withStaging(folder, async (staging) => {
    const staged = await stageAll(missing, context, staging)
    const installed = staged.map(({folder: _, ...rest}) => rest)
    const packages = new Map([...whole, ...installed].sort(byName).map((each) => [each.name, each]))
    lock.assertHeld()
    await change(folder, staging, context.home, {
      before,
      after: {basis: goal.basis, packages, changing: new Set(), links},
      replacements: [
        ...staged.map((each): Replacement => ({name: each.name, staged: each.folder})),
        ...[...gone].map((name): Replacement => ({name, staged: undefined})),
      ],
      commit: goal.commit,
    })
  })
  return {
    installed: missing,
    removed: packageIds(before, removed),
    unchanged: whole.length,
    foreign: folder.present().filter((name) => !goal.packages.has(name) && !links.has(name)),
    linked,
    unlinked,
  }
}

function byName(some: {name: string}, other: {name: string}): number {
  return some.name < other.name ? -1 : 1
}

/** Which of the packages are installed and whole, and which are not. */
async function compare(
  folder: PackagesFolder,
  packages: readonly LockedPackage[],
  ledger: Ledger,
  rehash: boolean,
): Promise<{whole: InstalledPackage[]; missing: LockedPackage[]}> {
  const whole: InstalledPackage[] = []
  const missing: LockedPackage[] = []
  for (const wanted of packages) {
    const known = ledger.changing.has(wanted.name) ? undefined : ledger.packages.get(wanted.name)
    const isWanted = known?.version === wanted.version && known.integrity === wanted.integrity
    const examined = isWanted ? await examinePackage(folder.packagePath(wanted.name), known, rehash) : undefined
    if (known && examined?.isIntact) whole.push({...known, files: examined.files})
    else missing.push(wanted)
  }
  return {whole, missing}
}

/** Stages packages, several at a time. After the first failure no other is begun, and those under way are waited for. */
async function stageAll(
  packages: readonly LockedPackage[],
  {client, cacheFolder, downloads, interrupted, progress}: InstallContext,
  staging: Staging,
): Promise<StagedPackage[]> {
  if (packages.length === 0) return []
  const {stagePackage} = await import('./stage-package.js')
  const tarballs = new Tarballs(client, cacheFolder, staging.place())
  const bar: Progress = progress(packages.length)
  const limit = limiter(downloads)
  const stopped = {yes: false}
  const stage = async (wanted: LockedPackage) => {
    if (stopped.yes) return undefined
    try {
      if (interrupted.aborted) throw failure('INTERRUPTED')
      const staged = await stagePackage(wanted, client.registry, tarballs, staging)
      bar.advance()
      return staged
    } catch (error) {
      stopped.yes = true
      throw error
    }
  }
  const outcomes = await Promise.allSettled(packages.map((wanted) => limit(() => stage(wanted))))
  await bar.end()
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed) throw failed.reason
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' && outcome.value ? [outcome.value] : []))
}
