import {existsSync} from 'node:fs'
import path from 'node:path'

import type {Ports} from '@apkg/command-kit'

/**
 * Returns the given directory, or the default one: in `%LOCALAPPDATA%` on Windows, and elsewhere in the data directory
 * of the XDG specification.
 */
export function dataFolderPath(
  given: string | undefined,
  {env, home}: Pick<Ports, 'env' | 'home'>,
  platform = process.platform,
): string {
  if (given !== undefined) return path.resolve(given)
  const shared = path.join(absolute(env['XDG_DATA_HOME']) ?? path.join(home, '.local', 'share'), name)
  const local = platform === 'win32' ? absolute(env['LOCALAPPDATA']) : undefined
  // Earlier versions used this directory on Windows too.
  return local === undefined || existsSync(path.join(shared, 'registry.db')) ? shared : path.join(local, name)
}

const name = 'apkg-registry'

/** The XDG specification says to ignore relative paths. */
function absolute(folder: string | undefined): string | undefined {
  return folder !== undefined && path.isAbsolute(folder) ? folder : undefined
}
