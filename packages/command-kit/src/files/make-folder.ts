import {mkdirSync} from 'node:fs'
import path from 'node:path'

import {errorCode} from './system-error.js'

/**
 * Creates a directory and its parents, all private (0700). Node's `recursive` option never returns for paths such as
 * `/proc/x/y`, in which directories can't be created.
 *
 * @throws system errors
 */
export function makeFolder(folder: string): void {
  if (tryMake(folder)) return
  const parent = path.dirname(folder)
  if (parent !== folder) makeFolder(parent)
  try {
    mkdirSync(folder, {mode: 0o700})
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  }
}

/** @returns whether the directory exists now; false if its parent doesn't exist */
function tryMake(folder: string): boolean {
  try {
    mkdirSync(folder, {mode: 0o700})
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false
    if (errorCode(error) !== 'EEXIST') throw error
  }
  return true
}
