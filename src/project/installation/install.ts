import {failure} from '@apkg/command-kit'

import type {AddReport} from './add-packages.js'
import type {InstallReport} from './install-graph.js'
import {installProject} from './install-project.js'
import type {InstallContext} from './install-context.js'

export interface InstallOptions {
  /** Packages to add, as they are named on a command line; empty for what the manifest has. */
  packages: readonly string[]
  /** Whether to install exactly what the lockfile holds. */
  frozen: boolean
}

/**
 * Installs what a project depends on, after packages were added to that if any are named.
 *
 * @throws {ApkgError} `USAGE` for packages to be added to a frozen lockfile; what the three ways of installing throw.
 */
export async function install(
  {packages, frozen}: InstallOptions,
  context: InstallContext,
): Promise<InstallReport | AddReport> {
  if (packages.length > 0 && frozen) {
    throw failure('USAGE', {message: '--frozen-lockfile takes no packages: it installs what the lockfile holds'})
  }
  if (packages.length > 0) return (await import('./add-packages.js')).addPackages(packages, context)
  if (frozen) return (await import('./install-frozen.js')).installFrozen(context)
  return installProject(context)
}
