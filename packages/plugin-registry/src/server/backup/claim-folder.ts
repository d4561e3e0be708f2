import {chmodSync, existsSync, mkdirSync, readdirSync} from 'node:fs'
import path from 'node:path'

import {makeFolder} from '../blobs/folders.js'

/** A folder that was to be filled holds something. */
export class FolderNotEmpty extends Error {
  constructor(readonly folder: string) {
    super(`${folder} is not empty`)
    this.name = 'FolderNotEmpty'
  }
}

/**
 * Makes a folder, or takes an empty one, for nobody else to read, and a folder in it that only one process can have made.
 *
 * @throws FolderNotEmpty
 */
export function claimFolder(folder: string, first: string): void {
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new FolderNotEmpty(folder)
  makeFolder(folder)
  chmodSync(folder, 0o700)
  try {
    mkdirSync(path.join(folder, first), {mode: 0o700})
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new FolderNotEmpty(folder)
    throw error
  }
}
