import {closeSync, existsSync, fsyncSync, mkdirSync, openSync, realpathSync} from 'node:fs'
import path from 'node:path'

/** Makes a folder and those above it, 0700. Node's own recursive way never returns below one that takes none, such as /proc. */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  const parent = path.dirname(folder)
  if (parent !== folder) makeFolder(parent)
  try {
    mkdirSync(folder, {mode: 0o700})
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** Whether a place is a folder or below it, wherever links lead. The place need not exist. */
export function isWithin(folder: string, place: string): boolean {
  const way = path.relative(realPlace(folder), realPlace(place))
  return way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way)
}

function realPlace(place: string): string {
  if (existsSync(place)) return realpathSync.native(place)
  const parent = path.dirname(place)
  return parent === place ? place : path.join(realPlace(parent), path.basename(place))
}

/** A new name is on the disk only when its folder is. Windows does not open folders. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** What was written to a file is on the disk when this returns. */
export function syncFile(file: string): void {
  const descriptor = openSync(file, 'r+')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
