import {ApkgCommand} from '@apkg/command-kit'

import {listCache, type CachedTarball} from '../../catalog/cache/list-cache.js'
import {cacheFolder} from '../../catalog/cache/cache-folder.js'
import {cachedTarballTable, cacheTotalNote} from '../../views/catalog/cache.js'

/** The cached tarballs. */
export interface CacheListResult {
  /** Absolute path of the cache. */
  folder: string
  /** Tarballs in the cache. */
  packages: CachedTarball[]
}

export default class CacheList extends ApkgCommand<CacheListResult> {
  static override readonly summary = 'List the packages in the cache.'

  static override readonly description = `On a terminal, prints a table. Otherwise, prints one package per line, with tab-separated fields: package and version, size in bytes, time, registry.`

  static override readonly examples = ['<%= config.bin %> <%= command.id %>']

  async run(): Promise<CacheListResult> {
    await this.parse(CacheList)
    const folder = cacheFolder(this.ports.env, this.ports.home)
    const packages = await listCache(folder)
    this.note(cacheTotalNote(packages))
    const result = {folder, packages}
    return this.show(result, cachedTarballTable(packages, this.ports.stdout, this.ports.now()))
  }
}
