import {rm} from 'node:fs/promises'

import {replaceFile} from '../../files/replace-file.js'

/** What a file shall hold, and what it holds now; undefined where it does not exist. */
export interface ProjectFileChange {
  /** Absolute. */
  file: string
  before: string | undefined
  after: string | undefined
}

/**
 * Writes files in turn, those that change. When one cannot be written, the earlier ones get their content back, as far as
 * they can be written.
 *
 * @throws {ApkgError} `FILE_UNWRITABLE`.
 */
export async function writeProjectFiles(files: readonly ProjectFileChange[]): Promise<void> {
  const changed = files.filter(({before, after}) => before !== after)
  for (const [index, {file, after}] of changed.entries()) {
    try {
      await put(file, after)
    } catch (error) {
      // One that cannot be written back does not keep the others from it.
      for (const done of changed.slice(0, index).reverse()) await put(done.file, done.before).catch(() => undefined)
      throw error
    }
  }
}

async function put(file: string, content: string | undefined): Promise<void> {
  if (content === undefined) await rm(file, {force: true})
  else await replaceFile(file, content)
}
