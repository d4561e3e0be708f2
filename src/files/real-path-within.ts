import {realpath} from 'node:fs/promises'
import path from 'node:path'

import {UnusableFile} from './unusable-file.js'

/**
 * Resolves all links in a path, whose target must be below a directory.
 *
 * @throws {UnusableFile}; system errors.
 */
export async function realPathWithin(folder: string, file: string): Promise<string> {
  const [root, found] = await Promise.all([realpath(folder), realpath(file)])
  const relative = path.relative(root, found)
  if (relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative)) {
    throw new UnusableFile('it is a link that points outside of its directory')
  }
  return found
}
