import {readlinkSync} from 'node:fs'
import path from 'node:path'

import type {Ledger} from './ledger.js'
import type {PackagesFolder} from './packages-folder.js'

/** A package that a project uses from where somebody works on it, instead of an installed one. */
export interface LinkedPackage {
  name: string
  /** The folder that its link leads to, absolute; it may be gone. */
  path: string
}

/**
 * The packages that are linked, by name: those of which the ledger says so and whose place has a link. Where it leads the
 * link itself says; nothing is read or written through it.
 */
export function linkedPackages(folder: PackagesFolder, {links}: Ledger): LinkedPackage[] {
  return [...links].sort().flatMap((name) => {
    const place = folder.packagePath(name)
    const target = targetOf(place)
    return target === undefined ? [] : [{name, path: path.resolve(path.dirname(place), target)}]
  })
}

/** Undefined where there is no link. */
function targetOf(place: string): string | undefined {
  try {
    return readlinkSync(place)
  } catch {
    return undefined
  }
}
