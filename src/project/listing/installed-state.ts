import {lstatSync} from 'node:fs'

import {compareWithLedger} from '../installation/compare-with-ledger.js'
import {linkedPackages} from '../installation/linked-packages.js'
import {PackagesFolder} from '../installation/packages-folder.js'

/**
 * The state of the package on disk. `installed`: unchanged since apkg installed it. `modified`: its files were modified.
 * `missing`: not installed. `linked`: a link created by `apkg link`. `unmanaged`: not created by apkg.
 */
export type InstalledState = 'installed' | 'modified' | 'missing' | 'linked' | 'unmanaged'

export interface Installed {
  state: InstalledState
  /** Undefined if it is linked or not installed by apkg. */
  version: string | undefined
  /** The target of a link, absolute. */
  path: string | undefined
}

/** The packages found in a project's `apkg_packages`, by name. All others are missing. */
export async function installedPackages(project: string, home: string): Promise<ReadonlyMap<string, Installed>> {
  const folder = new PackagesFolder(project)
  const ledger = await folder.readLedger(home)
  const found = new Map<string, Installed>()
  for (const name of folder.present()) found.set(name, {state: 'unmanaged', version: undefined, path: undefined})
  for (const installed of ledger.packages.values()) {
    const place = folder.packagePath(installed.name)
    if (!lstatSync(place, {throwIfNoEntry: false})) continue
    const {isIntact} = await compareWithLedger(place, installed, false)
    const state = isIntact ? 'installed' : 'modified'
    found.set(installed.name, {state, version: installed.version, path: undefined})
  }
  for (const {name, path} of linkedPackages(folder, ledger))
    found.set(name, {state: 'linked', version: undefined, path})
  return found
}
