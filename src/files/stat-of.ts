import {lstatSync, type Stats} from 'node:fs'

/** The status of a path, without following a link. Undefined if nothing is there, or if it can't be read. */
export function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path)
  } catch {
    return undefined
  }
}
