import {swapPackages, type Replacement} from './swap-packages.js'
import {ensureLedgerKey} from './ledger-key.js'
import {isSameLedger, writeLedger, type Ledger} from './ledger.js'
import type {PackagesFolder} from './packages-folder.js'
import type {Staging} from './staging.js'

/** From one state of a project to the next. */
export interface Change {
  before: Ledger
  after: Ledger
  replacements: readonly Replacement[]
  commit: () => Promise<void>
}

/**
 * Brings packages, ledger and the project's files from one state to the next, or leaves them as they were.
 *
 * The order of writes, so that a process killed at any moment leaves nothing that is taken for whole:
 *
 * 1. packages have been unpacked, and links made, in staging, which nobody takes for installed and the next process empties;
 * 2. the ledger lists those that are about to change as `changing`, and all links, old and new;
 * 3. folders change places by rename;
 * 4. the ledger lists every package with its files;
 * 5. `commit` writes the lockfile, then the manifest.
 *
 * Killed after 2, the changing packages are installed again, or removed, by the next install, unless they are links by
 * then. Killed after 4, packages are whole, though not all are those that the manifest asks for: the next install brings
 * lockfile and packages in line with it.
 *
 * @param home the user's home directory, which has the ledger's key.
 * @throws {ApkgError} what `swapPackages` throws; the system's errors.
 */
export async function change(
  folder: PackagesFolder,
  staging: Staging,
  home: string,
  {before, after, replacements, commit}: Change,
): Promise<void> {
  const key = await ensureLedgerKey(home)
  const write = (ledger: Ledger) => writeLedger(folder.ledger, ledger, {key, scratch: staging.path})
  if (replacements.length > 0) {
    const changing = new Set([...before.changing, ...replacements.map(({name}) => name)])
    const links = new Set([...before.links, ...after.links])
    await write({...before, basis: undefined, changing, links})
  }
  try {
    const settle = async () => {
      if (replacements.length > 0 || !isSameLedger(before, after)) await write(after)
      await commit()
    }
    await swapPackages(folder, staging, replacements, settle, before.links)
  } catch (error) {
    // Where even that fails, what is there is not as the ledger has it, and the next install makes it whole.
    await write(before).catch(() => undefined)
    throw error
  }
}
