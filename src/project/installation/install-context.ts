import {progressOn, type Ports, type Progress} from '@apkg/command-kit'

import {cacheFolder} from '../../catalog/cache/cache-folder.js'
import type {PackageRegistries} from '../../trust/package-registries.js'
import type {AcceptedChanges} from '../../trust/signatures/install-time-check.js'
import {findProject} from '../find-project.js'
import {concurrentDownloads} from './limiter.js'

/** What an installation needs from its command. */
export interface InstallContext {
  /** The project's directory, absolute, see `findProject`. */
  project: string
  registries: PackageRegistries
  /** The user's home directory, where trust is stored. */
  home: string
  cacheFolder: string
  /** How many packages are downloaded at a time. */
  downloads: number
  /** Aborted when the user presses Ctrl-C. */
  interrupted: AbortSignal
  /** Whether to install exactly what is locked, because the user's policies can't be read. */
  mustFollowLockfile?: boolean
  /** The text of a manifest for a directory without one. If undefined, a project must have one. */
  newManifest?: () => Promise<string>
  /** Signature changes that the user has accepted. */
  accepted?: AcceptedChanges
  /** Shows the progress of work on a number of packages. */
  progress: (packages: number) => Progress
}

/**
 * The context of a command.
 *
 * @param title what is done to packages, shown with the progress.
 * @throws {ApkgError} `CWD_UNUSABLE`, `CACHE_FOLDER_INVALID`, `HOME_UNUSABLE`.
 */
export function installContext(ports: Ports, registries: PackageRegistries, title = 'Installing'): InstallContext {
  const {env, home, stderr, interrupted} = ports
  return {
    project: findProject(ports),
    registries,
    home,
    cacheFolder: cacheFolder(env, home),
    downloads: concurrentDownloads(env),
    interrupted,
    progress: (total) => progressOn(stderr, {title, total}),
  }
}
