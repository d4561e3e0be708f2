import {ApkgCommand, exitCodes} from '@apkg/command-kit'

import {verifyCache, type CacheCheck} from '../../catalog/cache/cache-content.js'
import {cacheFolder} from '../../catalog/cache/cache-folder.js'
import {cacheCheck, cacheCheckOutcome, corruptTarball} from '../../views/catalog/cache.js'

export default class CacheVerify extends ApkgCommand<CacheCheck & {folder: string}> {
  static override readonly summary = 'Hash every package in the cache, and remove those that are damaged.'

  static override readonly description = `Ends with exit code 1 where there were any. An install checks what it takes from the cache by itself.`

  static override readonly examples = ['<%= config.bin %> <%= command.id %>']

  async run(): Promise<CacheCheck & {folder: string}> {
    await this.parse(CacheVerify)
    const folder = cacheFolder(this.ports.env, this.ports.home)
    const check = await verifyCache(folder)
    for (const tarball of check.corrupt) this.warning(corruptTarball(tarball))
    if (check.corrupt.length > 0) this.endWith(exitCodes.failed)
    const result = {folder, ...check}
    await this.show(result, cacheCheck(check))
    const outcome = cacheCheckOutcome(check)
    if (outcome !== undefined) this.note(outcome)
    return result
  }
}
