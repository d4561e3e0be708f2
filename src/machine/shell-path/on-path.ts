import {existsSync, realpathSync} from 'node:fs'
import path from 'node:path'

/**
 * The first `apkg` on PATH. Skips `node_modules/.bin`, which npm and npx add only for the commands that they run.
 */
export function firstOnPath({PATH = ''}: NodeJS.ProcessEnv): string | undefined {
  return PATH.split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder) && !folder.endsWith(path.join('node_modules', '.bin')))
    .map((folder) => path.join(folder, 'apkg'))
    .find((candidate) => existsSync(candidate))
}

/** Whether two existing paths lead to the same file. */
export function isSameFile(a: string, b: string): boolean {
  return realpathSync(a) === realpathSync(b)
}
