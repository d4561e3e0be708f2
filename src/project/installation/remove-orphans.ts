import type {HeldLock} from '@apkg/command-kit'

import {orphansOf, packageIds, type PackageId} from './ledger.js'
import {linkedPackages, type LinkedPackage} from './linked-packages.js'
import type {PackagesFolder} from './packages-folder.js'
import {withStaging} from './staging.js'
import {writeInstallation} from './write-installation.js'

/** What was removed, by name. */
export interface RemovedOrphans {
  packages: PackageId[]
  links: LinkedPackage[]
}

/**
 * Removes packages that are no longer needed. The others stay as they are, intact or not.
 *
 * @param needed names.
 * @param keepsLink whether a linked package stays linked, needed or not.
 * @param commit writes the project's own files; if it fails, the removed packages are restored.
 * @param home the user's home directory.
 * @throws {ApkgError} `FOLDER_UNMANAGED`, `FILE_UNWRITABLE`, `STORE_LOCKED`; the errors of `commit`.
 */
export async function removeOrphans(
  folder: PackagesFolder,
  {needed, keepsLink}: {needed: {has(name: string): boolean}; keepsLink: (name: string) => boolean},
  commit: () => Promise<void>,
  home: string,
  lock: HeldLock,
): Promise<RemovedOrphans> {
  const before = await folder.readLedger(home)
  const linked = linkedPackages(folder, before)
  const unlinked = linked.filter(({name}) => !keepsLink(name))
  const links = new Set(linked.filter(({name}) => keepsLink(name)).map(({name}) => name))
  const orphans = orphansOf(before, needed).filter((name) => !links.has(name))
  const removed = new Set([...orphans, ...unlinked.map(({name}) => name)])
  folder.assertReal(removed, before.links)
  const packages = new Map(before.packages)
  const changing = new Set(before.changing)
  for (const name of removed) {
    packages.delete(name)
    changing.delete(name)
  }
  await withStaging(folder, async (staging) => {
    lock.assertHeld()
    const replacements = [...removed].map((name) => ({name, staged: undefined}))
    const after = {basis: undefined, packages, changing, links}
    await writeInstallation(folder, staging, home, {before, after, replacements, commit})
  })
  return {packages: packageIds(before, orphans), links: unlinked}
}
