import {swapPackages, type Replacement} from './swap-packages.js'
import {ensureLedgerKey} from '../../files/ledger-key.js'
import {isSameLedger, writeLedger, type Ledger} from './ledger.js'
import type {PackagesFolder} from './packages-folder.js'
import type {Staging} from './staging.js'

/** A transition from one state of a project's packages to the next. */
export interface InstallationChange {
  before: Ledger
  after: Ledger
  replacements: readonly Replacement[]
  /** Writes the project's own files: the lockfile, then the manifest. */
  commit: () => Promise<void>
}

/**
 * Writes packages, ledger and the project's files, or leaves all of them unchanged.
 *
 * The order of writes ensures that a process killed at any moment leaves no package that looks intact but is not:
 *
 * 1. Packages were unpacked, and links created, in staging. It is never read as installed, and the next process empties it.
 * 2. The ledger lists the packages about to be replaced as `changing`, and all links, old and new.
 * 3. Directories are swapped by rename.
 * 4. The ledger lists every package with its files.
 * 5. `commit` writes the lockfile, then the manifest.
 *
 * After a kill between 2 and 4, the next install reinstalls or removes the changing packages, unless they are links. After
 * a kill between 4 and 5, packages are intact but may not match the manifest, which the next install fixes.
 *
 * @param home the user's home directory, where the ledger's key is.
 * @throws {ApkgError} the errors of `swapPackages`; the system's errors.
 */
export async function writeInstallation(
  folder: PackagesFolder,
  staging: Staging,
  home: string,
  {before, after, replacements, commit}: InstallationChange,
): Promise<void> {
  const key = await ensureLedgerKey(home)
  const write = (ledger: Ledger) => writeLedger(folder.ledgerFile, ledger, {key, scratch: staging.path})
  if (replacements.length > 0) {
    const changing = new Set([...before.changing, ...replacements.map(({name}) => name)])
    const links = new Set([...before.links, ...after.links])
    await write({...before, basis: undefined, changing, links})
  }
  try {
    const finish = async () => {
      if (replacements.length > 0 || !isSameLedger(before, after)) await write(after)
      await commit()
    }
    await swapPackages(folder, staging, replacements, finish, before.links)
  } catch (error) {
    // If that fails too, the ledger does not match the files, and the next install repairs them.
    await write(before).catch(() => undefined)
    throw error
  }
}
