import {lstatSync} from 'node:fs'
import path from 'node:path'

/** Quotes a path for a POSIX shell, or for PowerShell and cmd on Windows, if necessary. */
export function shellPath(file: string, platform = process.platform): string {
  // A file name on Windows can't contain a quote.
  if (platform === 'win32') return /^[\w+=:,./\\-]+$/.test(file) ? file : `"${file}"`
  return /^[\w@%+=:,./-]+$/.test(file) ? file : `'${file.replaceAll("'", `'\\''`)}'`
}

/** A command that shows the owner and the permissions of a file. */
export function inspectCommand(file: string, platform = process.platform): string {
  return `${platform === 'win32' ? 'icacls' : 'ls -ld'} ${shellPath(file, platform)}`
}

/** A command that moves a file out of the way. */
export function moveCommand(file: string, target: string, platform = process.platform): string {
  return `${platform === 'win32' ? 'move' : 'mv'} ${shellPath(file, platform)} ${shellPath(target, platform)}`
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
