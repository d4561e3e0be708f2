import {chmodSync, existsSync, mkdirSync, readdirSync} from 'node:fs'
import path from 'node:path'

import {makeFolder} from '../blobs/folders.js'

export class FolderNotEmpty extends Error {
  override readonly name = 'FolderNotEmpty'
  constructor(readonly folder: string) {
    super(`${folder} is not empty`)
  }
}

/**
 * Claims a new or empty directory for this process and makes it private (0700).
 *
 * @param marker the name of a directory to create in it, which only one process can do.
 *
 * @throws {FolderNotEmpty}
 */
export function claimFolder(folder: string, marker: string): void {
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new FolderNotEmpty(folder)
  makeFolder(folder)
  chmodSync(folder, 0o700)
  try {
    mkdirSync(path.join(folder, marker), {mode: 0o700})
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new FolderNotEmpty(folder)
    throw error
  }
}
