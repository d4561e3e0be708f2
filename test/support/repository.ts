import path from 'node:path'
import {fileURLToPath} from 'node:url'

/** The root of this repository. */
export const repository = fileURLToPath(new URL('../..', import.meta.url))

/** Returns the path of a file in this repository. */
export function inRepository(...parts: string[]): string {
  return path.join(repository, ...parts)
}
