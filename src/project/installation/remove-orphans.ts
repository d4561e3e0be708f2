import type {HeldLock} from '@apkg/command-kit'

import {change} from './write-installation.js'
import {readLedgerKey} from './ledger-key.js'
import {orphansOf, packageIds, readLedger, type PackageId} from './ledger.js'
import {linkedPackages, type LinkedPackage} from './linked-packages.js'
import type {PackagesFolder} from './packages-folder.js'
import {withStaging} from './staging.js'

/** What was removed, by name. */
export interface RemovedOrphans {
  packages: PackageId[]
  links: LinkedPackage[]
}

/**
 * Removes the packages that are not wanted, and leaves the others as they are, whole or not.
 *
 * @param wanted names.
 * @param keepsLink whether a package that is linked stays so, wanted or not.
 * @param commit writes the project's own files; what was removed is put back when it fails.
 * @param home the user's home directory.
 * @throws {ApkgError} `FOLDER_UNMANAGED`, `FILE_UNWRITABLE`, `STORE_LOCKED`; whatever `commit` throws.
 */
export async function removeOrphans(
  folder: PackagesFolder,
  {wanted, keepsLink}: {wanted: {has(name: string): boolean}; keepsLink: (name: string) => boolean},
  commit: () => Promise<void>,
  home: string,
  lock: HeldLock,
): Promise<RemovedOrphans> {
  const before = await readLedger(folder.ledger, await readLedgerKey(home))
  const linked = linkedPackages(folder, before)
  const unlinked = linked.filter(({name}) => !keepsLink(name))
  const links = new Set(linked.filter(({name}) => keepsLink(name)).map(({name}) => name))
  const orphans = orphansOf(before, wanted).filter((name) => !links.has(name))
  const gone = new Set([...orphans, ...unlinked.map(({name}) => name)])
  folder.assertReal(gone, before.links)
  const packages = new Map(before.packages)
  const changing = new Set(before.changing)
  for (const name of gone) {
    packages.delete(name)
    changing.delete(name)
  }
  await withStaging(folder, async (staging) => {
    lock.assertHeld()
    const replacements = [...gone].map((name) => ({name, staged: undefined}))
    const after = {basis: undefined, packages, changing, links}
    await change(folder, staging, home, {before, after, replacements, commit})
  })
  return {packages: packageIds(before, orphans), links: unlinked}
}
