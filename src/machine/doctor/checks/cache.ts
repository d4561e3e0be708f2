import {constants} from 'node:fs'
import {access, stat} from 'node:fs/promises'
import path from 'node:path'

import {failure, isAbsent, errorReason} from '@apkg/command-kit'

import {cacheFolder} from '../../../catalog/cache/cache-folder.js'
import type {Check} from '../check.js'
import {ok, type Finding} from '../finding.js'

/** Whether a directory that doesn't exist can be created, in the nearest one that does. */
async function creatable(folder: string): Promise<Finding> {
  for (let parent = path.dirname(folder); ; parent = path.dirname(parent)) {
    try {
      await access(parent, constants.W_OK | constants.X_OK)
      return ok(`${folder} (not created yet)`)
    } catch (error) {
      if (isAbsent(error) && parent !== path.dirname(parent)) continue
      throw failure('FILE_UNWRITABLE', {path: parent, reason: errorReason(error)}, {cause: error})
    }
  }
}

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
      if (isAbsent(error)) return [await creatable(folder)]
      throw failure('FILE_UNWRITABLE', {path: folder, reason: errorReason(error)}, {cause: error})
    }
    return [ok(folder)]
  },
}
