import type {Dirent} from 'node:fs'
import {readdir} from 'node:fs/promises'
import path from 'node:path'

import {readUnlessAbsent} from '../../files/unless-absent.js'

/**
 * All files and directories below a directory of the cache. Another process can empty the cache at any time.
 *
 * @throws {ApkgError} `FILE_UNREADABLE`.
 */
export async function entriesBelow(folder: string): Promise<Dirent[]> {
  return (await readUnlessAbsent(folder, readdir(folder, {recursive: true, withFileTypes: true}))) ?? []
}

export function pathOf({parentPath, name}: Dirent): string {
  return path.join(parentPath, name)
}
