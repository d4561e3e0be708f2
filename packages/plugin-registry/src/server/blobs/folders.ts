import {closeSync, existsSync, fsyncSync, mkdirSync, openSync, realpathSync} from 'node:fs'
import path from 'node:path'

/** Creates a directory and its parents with mode 0700. Node's recursive option hangs below directories like /proc. */
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

/** Whether a path is a directory or inside it, with links resolved. The path need not exist. */
export function isWithin(folder: string, file: string): boolean {
  const relative = path.relative(resolveLinks(folder), resolveLinks(file))
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative)
}

function resolveLinks(file: string): string {
  if (existsSync(file)) return realpathSync.native(file)
  const parent = path.dirname(file)
  return parent === file ? file : path.join(resolveLinks(parent), path.basename(file))
}

/** Makes new names in a directory durable. Windows cannot open directories. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Makes the content of a file durable. */
export function syncFile(file: string): void {
  const descriptor = openSync(file, 'r+')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
