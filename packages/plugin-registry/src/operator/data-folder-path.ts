import path from 'node:path'

import type {Ports} from '@apkg/command-kit'

/** The folder of the registry: the given one, or the system's place for a user's data. */
export function dataFolderPath(given: string | undefined, {env, home}: Pick<Ports, 'env' | 'home'>): string {
  if (given !== undefined) return path.resolve(given)
  const dataHome = env['XDG_DATA_HOME']
  // A relative one is to be ignored, says the specification.
  const base = dataHome && path.isAbsolute(dataHome) ? dataHome : path.join(home, '.local', 'share')
  return path.join(base, 'apkg-registry')
}
