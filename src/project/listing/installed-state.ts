import {lstatSync} from 'node:fs'

import {readLedgerKey} from '../installation/ledger-key.js'
import {readLedger} from '../installation/ledger.js'
import {linkedPackages} from '../installation/linked-packages.js'
import {PackagesFolder} from '../installation/packages-folder.js'
import {examinePackage} from '../installation/examine-package.js'

/**
 * The state of the package on disk. `installed`: unchanged since apkg installed it. `changed`: its files were edited.
 * `missing`: not installed. `linked`: a link that apkg made. `foreign`: not created by apkg.
 */
export type InstalledState = 'installed' | 'changed' | 'missing' | 'linked' | 'foreign'

export interface Installed {
  state: InstalledState
  /** Undefined where apkg did not put it there. */
  version: string | undefined
  /** Where a link leads, absolute. */
  path: string | undefined
}

/** What lies among a project's packages, by name. What is not in it is missing. */
export async function installedPackages(project: string, home: string): Promise<ReadonlyMap<string, Installed>> {
  const folder = new PackagesFolder(project)
  const ledger = await readLedger(folder.ledger, await readLedgerKey(home))
  const found = new Map<string, Installed>()
  for (const name of folder.present()) found.set(name, {state: 'foreign', version: undefined, path: undefined})
  for (const installed of ledger.packages.values()) {
    const place = folder.packagePath(installed.name)
    const isThere = lstatSync(place, {throwIfNoEntry: false}) !== undefined
    if (!isThere) continue
    const {isIntact} = await examinePackage(place, installed, false)
    const state = isIntact ? 'installed' : 'changed'
    found.set(installed.name, {state, version: installed.version, path: undefined})
  }
  for (const {name, path} of linkedPackages(folder, ledger))
    found.set(name, {state: 'linked', version: undefined, path})
  return found
}
