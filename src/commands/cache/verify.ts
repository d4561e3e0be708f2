import {ApkgCommand, exitCodes} from '@apkg/command-kit'

import {verifyCache, type CacheCheck} from '../../catalog/cache/verify-cache.js'
import {cacheFolder} from '../../catalog/cache/cache-folder.js'
import {cacheCheckNote, cacheCheckText, corruptTarballWarning} from '../../views/catalog/cache.js'

/** The result of verifying all cached tarballs. */
export interface CacheVerifyResult extends CacheCheck {
  /** Absolute path of the cache. */
  folder: string
}

export default class CacheVerify extends ApkgCommand<CacheVerifyResult> {
  static override readonly summary = 'Verify every package in the cache, and remove corrupt ones.'

  static override readonly description = `Exits with code 1 if any package was corrupt. You don't need to run this before an install: cached packages are verified every time they are used.`

  static override readonly examples = ['<%= config.bin %> <%= command.id %>']

  async run(): Promise<CacheVerifyResult> {
    await this.parse(CacheVerify)
    const folder = cacheFolder(this.ports.env, this.ports.home)
    const check = await verifyCache(folder)
    this.warning(...check.corrupt.map(corruptTarballWarning))
    if (check.corrupt.length > 0) this.endWith(exitCodes.failed)
    const result = {folder, ...check}
    await this.show(result, cacheCheckText(check))
    const note = cacheCheckNote(check)
    if (note !== undefined) this.note(note)
    return result
  }
}
