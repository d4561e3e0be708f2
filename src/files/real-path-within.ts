import {realpath} from 'node:fs/promises'
import path from 'node:path'

import {UnusableFile} from './unusable-file.js'

/**
 * What a path leads to over all links, which has to be below a folder.
 *
 * @throws UnusableFile; the system's errors.
 */
export async function realPathWithin(folder: string, file: string): Promise<string> {
  const [root, found] = await Promise.all([realpath(folder), realpath(file)])
  const way = path.relative(root, found)
  if (way === '..' || way.startsWith(`..${path.sep}`) || path.isAbsolute(way)) {
    throw new UnusableFile('it is a link that leads out of its folder')
  }
  return found
}
