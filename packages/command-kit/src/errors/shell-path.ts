import {lstatSync} from 'node:fs'
import path from 'node:path'

/** A path as one word of a POSIX shell. */
export function shellPath(file: string): string {
  return /^[\w@%+=:,./-]+$/.test(file) ? file : `'${file.replaceAll("'", `'\\''`)}'`
}

/** The path itself where something is there, else the nearest folder above it that exists. */
export function nearestPresent(file: string): string {
  const parent = path.dirname(file)
  return parent === file || isPresent(file) ? file : nearestPresent(parent)
}

function isPresent(file: string): boolean {
  try {
    return lstatSync(file, {throwIfNoEntry: false}) !== undefined
  } catch {
    return false
  }
}
