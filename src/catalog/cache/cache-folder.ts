import path from 'node:path'

import {failure} from '../failures.js'

/**
 * The absolute path of the cache: `APKG_CACHE_DIR`, else `~/.apkg/cache`.
 *
 * @throws {ApkgError} `CACHE_FOLDER_INVALID` for a blank or relative `APKG_CACHE_DIR`; `HOME_UNUSABLE`.
 */
export function cacheFolder(env: NodeJS.ProcessEnv, home: string): string {
  const folder = env['APKG_CACHE_DIR']
  if (folder !== undefined) {
    if (!path.isAbsolute(folder)) throw failure('CACHE_FOLDER_INVALID', {folder})
    return path.normalize(folder)
  }
  if (!path.isAbsolute(home)) throw failure('HOME_UNUSABLE', {home})
  return defaultCacheFolder(home)
}

/** Where the cache is without `APKG_CACHE_DIR`. */
export function defaultCacheFolder(home: string): string {
  return path.join(home, '.apkg', 'cache')
}
