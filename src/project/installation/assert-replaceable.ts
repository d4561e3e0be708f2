import {lstatSync} from 'node:fs'
import path from 'node:path'

import {defaultLimits, manifestFile, parseJson} from '@apkg/package-format'

import {failure} from '../failures.js'
import {readBounded} from '../../files/read-bounded.js'
import type {PackagesFolder} from './packages-folder.js'

/**
 * Makes sure that folders which the ledger does not know of, and which packages are about to take the place of, hold
 * those packages, as another client or an earlier installation left them: a user's own work stays.
 *
 * @param names packages that the ledger does not know of.
 * @throws {ApkgError} `FOLDER_UNMANAGED`.
 */
export async function assertReplaceable(folder: PackagesFolder, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const place = folder.packagePath(name)
    if (!lstatSync(place, {throwIfNoEntry: false}) || (await nameIn(place)) === name) continue
    throw failure('FOLDER_UNMANAGED', {path: place, what: 'not a package that apkg installed'})
  }
}

/** The name in a folder's manifest; undefined where there is none. */
async function nameIn(folder: string): Promise<unknown> {
  try {
    const bytes = await readBounded(path.join(folder, manifestFile), defaultLimits.manifest)
    const manifest = parseJson(bytes.toString('utf8'))
    return typeof manifest === 'object' && manifest !== null && 'name' in manifest ? manifest.name : undefined
  } catch {
    return undefined
  }
}
