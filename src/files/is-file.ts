import {stat} from 'node:fs/promises'

/** Whether a path leads to a file. False if it can't be read. */
export function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}
