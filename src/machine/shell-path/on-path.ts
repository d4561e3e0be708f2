import {existsSync, realpathSync} from 'node:fs'
import path from 'node:path'

/**
 * The first `apkg` on PATH. The folders that npm and npx put there for what they run are passed over: no shell of the
 * user's has them.
 */
export function firstOnPath({PATH = ''}: NodeJS.ProcessEnv): string | undefined {
  return PATH.split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder) && !folder.endsWith(path.join('node_modules', '.bin')))
    .map((folder) => path.join(folder, 'apkg'))
    .find((candidate) => existsSync(candidate))
}

/** Whether two paths lead to one file; both exist. */
export function isSameFile(one: string, other: string): boolean {
  return realpathSync(one) === realpathSync(other)
}
