import {lstatSync} from 'node:fs'
import path from 'node:path'

/** Quotes a path for a POSIX shell, if necessary. */
export function shellPath(file: string): string {
  return /^[\w@%+=:,./-]+$/.test(file) ? file : `'${file.replaceAll("'", `'\\''`)}'`
}

/** Returns the path if it exists, or else the nearest parent directory that does. */
export function nearestExisting(file: string): string {
  const parent = path.dirname(file)
  return parent === file || exists(file) ? file : nearestExisting(parent)
}

function exists(file: string): boolean {
  try {
    return lstatSync(file, {throwIfNoEntry: false}) !== undefined
  } catch {
    return false
  }
}
