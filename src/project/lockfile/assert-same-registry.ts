import {shownUrl} from '@apkg/command-kit'
import {scopeOf} from '@apkg/package-format'

import {failure} from '../failures.js'
import {lockedRegistryOf, type Lockfile, type PackageOrigins} from '../../catalog/lockfile/lockfile.js'

/**
 * Asserts that each locked package came from the registry that it comes from now: another one may serve other packages under
 * the same names.
 *
 * @throws {ApkgError} `LOCKFILE_OTHER_REGISTRY`.
 */
export function assertSameRegistry(lockfile: Lockfile, origins: PackageOrigins): void {
  for (const name of lockfile.packages.keys()) {
    const locked = lockedRegistryOf(lockfile, name)
    const registry = origins.of(name)
    if (locked === undefined || locked === registry) continue
    const isRouted = locked !== lockfile.registry || registry !== origins.registry
    throw failure('LOCKFILE_OTHER_REGISTRY', {
      locked: shownUrl(locked),
      registry,
      scope: isRouted ? scopeOf(name) : undefined,
    })
  }
}
