import {shownUrl} from '@apkg/command-kit'

import {failure} from '../failures.js'
import type {Lockfile} from '../../catalog/lockfile/lockfile.js'

/**
 * Asserts that a lockfile was created for this registry: another one may serve other packages under the same names.
 *
 * @param registry canonical URL.
 * @throws {ApkgError} `LOCKFILE_OTHER_REGISTRY`.
 */
export function assertSameRegistry({registry: locked}: Lockfile, registry: string): void {
  if (locked === undefined || locked === registry) return
  throw failure('LOCKFILE_OTHER_REGISTRY', {locked: shownUrl(locked), registry})
}
