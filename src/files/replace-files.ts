import {rm} from 'node:fs/promises'

import {replaceFile} from './replace-file.js'

/** A file's content before and after; undefined if it does not exist. */
export interface FileChange {
  /** Absolute. */
  file: string
  before: string | undefined
  after: string | undefined
}

/**
 * Writes the files that change, in order. If one cannot be written, the earlier ones are restored as far as possible.
 *
 * @throws {ApkgError} `FILE_UNWRITABLE`.
 */
export async function replaceFiles(files: readonly FileChange[]): Promise<void> {
  const changed = files.filter(({before, after}) => before !== after)
  for (const [index, {file, after}] of changed.entries()) {
    try {
      await put(file, after)
    } catch (error) {
      // A file that cannot be restored must not prevent the others from being restored.
      for (const done of changed.slice(0, index).reverse()) await put(done.file, done.before).catch(() => undefined)
      throw error
    }
  }
}

async function put(file: string, content: string | undefined): Promise<void> {
  if (content === undefined) await rm(file, {force: true})
  else await replaceFile(file, content)
}
