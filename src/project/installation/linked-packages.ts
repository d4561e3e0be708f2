import {readlinkSync} from 'node:fs'
import path from 'node:path'

import type {Ledger} from './ledger.js'
import type {PackagesFolder} from './packages-folder.js'

/** A package that is linked to a local directory instead of being installed. */
export interface LinkedPackage {
  name: string
  /** Absolute path of the linked directory. It may no longer exist. */
  path: string
}

/**
 * The linked packages, by name: those that the ledger lists as links and that are links. Nothing is read or written
 * through a link.
 */
export function linkedPackages(folder: PackagesFolder, {links}: Ledger): LinkedPackage[] {
  return [...links].sort().flatMap((name) => {
    const place = folder.packagePath(name)
    const target = targetOf(place)
    return target === undefined ? [] : [{name, path: path.resolve(path.dirname(place), target)}]
  })
}

/** Undefined if it is not a link. */
function targetOf(place: string): string | undefined {
  try {
    return readlinkSync(place)
  } catch {
    return undefined
  }
}
