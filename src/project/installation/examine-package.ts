import {createHash} from 'node:crypto'
import {createReadStream, lstatSync, readdirSync, readFileSync, type Stats} from 'node:fs'
import {setImmediate} from 'node:timers/promises'

import type {InstalledFile, InstalledPackage} from './ledger.js'

/** Up to this many bytes a file is read at once: cheaper than a stream, and short enough for whoever waits meanwhile. */
const smallFile = 1024 * 1024

/** A folder of a package that was looked at. */
export interface PackageExamination {
  isIntact: boolean
  /** Its files as they are now: the same bytes may have got other times, as in a copied project. */
  files: readonly InstalledFile[]
}

/**
 * Compares an installed package with the ledger: exactly its files, unchanged.
 *
 * System calls are synchronous, since there are thousands of short ones; the event loop gets its turn between packages.
 * Paths are put together by hand: `path.join` costs as much as the call that it is for.
 *
 * @param rehash whether every file is read; else only those that the system's traits do not vouch for.
 */
export async function examinePackage(
  folder: string,
  {files}: InstalledPackage,
  rehash: boolean,
): Promise<PackageExamination> {
  await setImmediate()
  const known = new Map(files.map((file) => [file.path, file]))
  const found = filesBelow(folder, '')
  if (found?.length !== files.length || !found.every((file) => known.has(file))) return {isIntact: false, files}
  const current: InstalledFile[] = []
  for (const file of files) {
    const now = await examineFile(`${folder}/${file.path}`, file, rehash)
    if (!now) return {isIntact: false, files}
    current.push(now)
  }
  return {isIntact: true, files: current}
}

/** The file as it is now; undefined where it is not the one that was installed. */
async function examineFile(file: string, known: InstalledFile, rehash: boolean): Promise<InstalledFile | undefined> {
  const stat = statOf(file)
  if (!stat?.isFile() || stat.size !== known.size || isExecutable(stat) !== known.isExecutable) return undefined
  const {mtimeMs, ctimeMs, ino} = stat
  const isUntouched = mtimeMs === known.mtimeMs && ctimeMs === known.ctimeMs && ino === known.ino
  if (isUntouched && !rehash) return known
  if ((await sha256Of(file, stat.size)) !== known.sha256) return undefined
  return isUntouched ? known : {...known, mtimeMs, ctimeMs, ino}
}

/** Whether a file may be run, as far as the system knows of that: on Windows none may. */
export function isExecutable({mode}: Pick<Stats, 'mode'>): boolean {
  return (mode & 0o100) !== 0
}

function statOf(file: string): Stats | undefined {
  try {
    return lstatSync(file)
  } catch {
    return undefined
  }
}

/** Relative paths of all files; undefined where there is no folder, or anything in it that apkg does not install. */
function filesBelow(folder: string, prefix: string): string[] | undefined {
  const files: string[] = []
  let entries
  try {
    entries = readdirSync(`${folder}/${prefix}`, {withFileTypes: true})
  } catch {
    return undefined
  }
  for (const entry of entries) {
    const relative = prefix === '' ? entry.name : `${prefix}/${entry.name}`
    if (entry.isFile()) {
      files.push(relative)
      continue
    }
    const below = entry.isDirectory() ? filesBelow(folder, relative) : undefined
    if (!below) return undefined
    files.push(...below)
  }
  return files
}

async function sha256Of(file: string, size: number): Promise<string | undefined> {
  const hash = createHash('sha256')
  try {
    if (size <= smallFile) return hash.update(readFileSync(file)).digest('hex')
    for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array)
    return hash.digest('hex')
  } catch {
    return undefined
  }
}
