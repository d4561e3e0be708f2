import {lstatSync} from 'node:fs'
import path from 'node:path'

import {defaultLimits, manifestFile, parseJson} from '@apkg/package-format'

import {failure} from '../failures.js'
import {readBounded} from '../../files/read-bounded.js'
import type {PackagesFolder} from './packages-folder.js'

/**
 * Asserts that directories which are about to be replaced contain the same package, as another client or an earlier
 * installation left it. Anything else may be the user's own work.
 *
 * @param names packages that the ledger does not list.
 * @throws {ApkgError} `FOLDER_UNMANAGED`.
 */
export async function assertReplaceable(folder: PackagesFolder, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const place = folder.packagePath(name)
    if (!lstatSync(place, {throwIfNoEntry: false}) || (await nameIn(place)) === name) continue
    throw failure('FOLDER_UNMANAGED', {path: place, reason: 'it was not installed by apkg'})
  }
}

/** The name in a directory's manifest; undefined if it has none. */
async function nameIn(folder: string): Promise<unknown> {
  try {
    const bytes = await readBounded(path.join(folder, manifestFile), defaultLimits.manifest)
    const manifest = parseJson(bytes.toString('utf8'))
    return typeof manifest === 'object' && manifest !== null && 'name' in manifest ? manifest.name : undefined
  } catch {
    return undefined
  }
}
