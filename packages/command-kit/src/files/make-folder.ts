import {mkdirSync} from 'node:fs'
import path from 'node:path'

import {errorCode} from './system-error.js'

/**
 * Makes a folder and those above it, each closed to others. Node's own recursive way never returns below a folder that
 * takes none, such as `/proc`.
 */
export function makeFolder(folder: string): void {
  if (makeOne(folder)) return
  const parent = path.dirname(folder)
  if (parent !== folder) makeFolder(parent)
  try {
    mkdirSync(folder, {mode: 0o700})
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  }
}

/** @returns whether it is there now; false where the folder above it is not. */
function makeOne(folder: string): boolean {
  try {
    mkdirSync(folder, {mode: 0o700})
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false
    if (errorCode(error) !== 'EEXIST') throw error
  }
  return true
}
