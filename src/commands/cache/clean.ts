import {ApkgCommand} from '@apkg/command-kit'

import {cleanCache} from '../../catalog/cache/cache-content.js'
import {cacheFolder} from '../../catalog/cache/cache-folder.js'
import {cleanedCache} from '../../views/catalog/cache.js'

export default class CacheClean extends ApkgCommand<{folder: string; packages: number; bytes: number}> {
  static override readonly summary = 'Empty the cache: the next install downloads everything anew.'

  static override readonly description = `Removes the packages and what registries told of them. Nothing else in the cache's folder is touched.`

  static override readonly examples = ['<%= config.bin %> <%= command.id %>']

  async run(): Promise<{folder: string; packages: number; bytes: number}> {
    await this.parse(CacheClean)
    const folder = cacheFolder(this.ports.env, this.ports.home)
    const cleaned = await cleanCache(folder)
    this.note(cleanedCache(cleaned))
    const result = {folder, ...cleaned}
    return this.show(result, '')
  }
}
