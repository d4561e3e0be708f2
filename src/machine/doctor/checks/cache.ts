import {constants} from 'node:fs'
import {access, stat} from 'node:fs/promises'

import {failure, isAbsent, errorReason} from '@apkg/command-kit'

import {cacheFolder} from '../../../catalog/cache/cache-folder.js'
import type {Check} from '../check.js'
import {ok} from '../finding.js'

export const cacheCheck: Check = {
  name: 'cache',
  title: 'Cache',
  async run({env, home}) {
    const folder = cacheFolder(env, home)
    const isFolder = await stat(folder).then(
      (found) => found.isDirectory(),
      () => undefined,
    )
    if (isFolder === false) throw failure('FILE_UNWRITABLE', {path: folder, reason: 'it is not a directory'})
    try {
      await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    } catch (error) {
      if (isAbsent(error)) return [ok(`${folder} (not created yet)`)]
      throw failure('FILE_UNWRITABLE', {path: folder, reason: errorReason(error)}, {cause: error})
    }
    return [ok(folder)]
  },
}
