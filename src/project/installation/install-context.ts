import {progressOn, type Ports, type Progress, type RegistryClient} from '@apkg/command-kit'

import {cacheFolder} from '../../catalog/cache/cache-folder.js'
import type {AcceptedChanges} from '../../trust/signatures/check-signatures.js'
import {concurrentDownloads} from './limiter.js'

/** What an installation works with. */
export interface InstallContext {
  /** The project's folder, absolute. */
  project: string
  client: RegistryClient
  /** The user's home directory, which has the pins of scopes. */
  home: string
  cacheFolder: string
  /** How many packages are fetched at a time. */
  downloads: number
  /** Aborted when the user presses Ctrl-C. */
  interrupted: AbortSignal
  /** Changes of signatures that the user has agreed to. */
  accepted?: AcceptedChanges
  /** Shows how far the work on so many packages has come. */
  progress: (packages: number) => Progress
}

/**
 * What a command's installation works with.
 *
 * @param title what is done to packages, for their progress.
 * @throws {ApkgError} `CACHE_FOLDER_INVALID`, `HOME_UNUSABLE`.
 */
export function installContext(
  {cwd, env, home, stderr, interrupted}: Ports,
  client: RegistryClient,
  title = 'Installing',
): InstallContext {
  return {
    project: cwd,
    client,
    home,
    cacheFolder: cacheFolder(env, home),
    downloads: concurrentDownloads(env),
    interrupted,
    progress: (total) => progressOn(stderr, {title, total}),
  }
}
