import {ApkgCommand} from '@apkg/command-kit'

import {cleanCache} from '../../catalog/cache/clean-cache.js'
import {cacheFolder} from '../../catalog/cache/cache-folder.js'
import {cleanedCacheNote} from '../../views/catalog/cache.js'

/** What was removed from the cache. */
export interface CacheCleanResult {
  /** Absolute path of the cache. */
  folder: string
  /** Number of packages removed. */
  packages: number
  /** Total size of everything removed, in bytes. */
  bytes: number
}

export default class CacheClean extends ApkgCommand<CacheCleanResult> {
  static override readonly summary = 'Empty the cache.'

  static override readonly description = `Removes cached packages and metadata. The next install downloads them again. Other files in the cache directory are kept.`

  static override readonly examples = ['<%= config.bin %> <%= command.id %>']

  async run(): Promise<CacheCleanResult> {
    await this.parse(CacheClean)
    const {env, home} = this.ports
    const folder = cacheFolder(env, home)
    const cleaned = await cleanCache(folder, home)
    this.success(cleanedCacheNote(cleaned))
    const result = {folder, ...cleaned}
    return this.show(result, '')
  }
}
