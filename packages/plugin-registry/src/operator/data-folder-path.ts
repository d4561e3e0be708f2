import path from 'node:path'

import type {Ports} from '@apkg/command-kit'

/** The given directory, or the default one in the user's data directory (XDG). */
export function dataFolderPath(given: string | undefined, {env, home}: Pick<Ports, 'env' | 'home'>): string {
  if (given !== undefined) return path.resolve(given)
  const dataHome = env['XDG_DATA_HOME']
  // The XDG specification says to ignore relative paths.
  const base = dataHome && path.isAbsolute(dataHome) ? dataHome : path.join(home, '.local', 'share')
  return path.join(base, 'apkg-registry')
}
