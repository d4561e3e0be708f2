import {realpath} from 'node:fs/promises'
import path from 'node:path'

import {UnfitFile} from './unfit-file.js'

/**
 * What a path leads to over all links, which has to be below a folder.
 *
 * @throws UnfitFile; the system's errors.
 */
export async function realPathWithin(folder: string, file: string): Promise<string> {
  const [root, found] = await Promise.all([realpath(folder), realpath(file)])
  const way = path.relative(root, found)
  if (way === '..' || way.startsWith(`..${path.sep}`) || path.isAbsolute(way)) {
    throw new UnfitFile('it is a link that leads out of its folder')
  }
  return found
}
