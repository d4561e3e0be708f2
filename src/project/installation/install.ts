import {failure} from '@apkg/command-kit'

import type {AddReport} from './add-packages.js'
import type {InstallReport} from './install-graph.js'
import {installProject} from './install-project.js'
import type {InstallContext} from './install-context.js'

export interface InstallOptions {
  /** Packages to add, as given on the command line; if empty, the manifest's dependencies are installed. */
  packages: readonly string[]
  /** Whether to install exactly what the lockfile contains. */
  frozen: boolean
}

/**
 * Installs a project's dependencies, or adds packages to it.
 *
 * @throws {ApkgError} `USAGE` for packages together with a frozen lockfile; the errors of `addPackages`,
 *   `installFrozen` and `installProject`.
 */
export async function install(
  {packages, frozen}: InstallOptions,
  context: InstallContext,
): Promise<InstallReport | AddReport> {
  if (packages.length > 0 && frozen) {
    throw failure('USAGE', {
      message: 'Packages cannot be added with --frozen-lockfile',
      suggestions: ['remove --frozen-lockfile to add packages'],
    })
  }
  if (packages.length > 0) return (await import('./add-packages.js')).addPackages(packages, context)
  if (frozen || context.mustFollowLockfile) return (await import('./install-frozen.js')).installFrozen(context)
  return installProject(context)
}
