import path from 'node:path'
import {fileURLToPath} from 'node:url'

/** The root of this repository. */
export const repository = fileURLToPath(new URL('../..', import.meta.url))

/** The path of a file of this repository. */
export function inRepository(...parts: string[]): string {
  return path.join(repository, ...parts)
}
