import {createHash} from 'node:crypto'
import {createReadStream, readdirSync, readFileSync} from 'node:fs'

import {isExecutable} from '../../files/is-executable.js'
import {sha256Of as sha256OfBytes} from '../../files/sha256.js'
import {statOf} from '../../files/stat-of.js'
import {turnEvery} from '../../files/turn-every.js'
import type {InstalledFile, LedgerPackage} from './ledger.js'

/** Bytes. Smaller files are read in one call, which is faster than a stream and blocks only briefly. */
const maxSyncSize = 1024 * 1024

const turn = turnEvery(16)

/** The result of comparing a package with the ledger. */
export interface LedgerComparison {
  isIntact: boolean
  /** The files as they are now. Times may differ for the same content, as in a copied project. */
  files: readonly InstalledFile[]
}

/**
 * Compares an installed package with the ledger: it is intact if it has exactly those files, unchanged.
 *
 * Thousands of short system calls are faster when synchronous; the event loop runs between some packages. Paths are
 * concatenated because `path.join` takes as long as the call itself.
 *
 * @param rehash whether to hash every file, not only those whose size or times differ.
 */
export async function compareWithLedger(
  folder: string,
  {files}: LedgerPackage,
  rehash: boolean,
): Promise<LedgerComparison> {
  await turn()
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

/** The file as it is now; undefined if it is not the one that was installed. */
async function examineFile(file: string, known: InstalledFile, rehash: boolean): Promise<InstalledFile | undefined> {
  const stat = statOf(file)
  if (!stat?.isFile() || stat.size !== known.size || isExecutable(stat) !== known.isExecutable) return undefined
  const {mtimeMs, ctimeMs, ino} = stat
  const isUntouched = mtimeMs === known.mtimeMs && ctimeMs === known.ctimeMs && ino === known.ino
  if (isUntouched && !rehash) return known
  if ((await sha256Of(file, stat.size)) !== known.sha256) return undefined
  return isUntouched ? known : {...known, mtimeMs, ctimeMs, ino}
}

/** Relative paths of all files; undefined if the directory is missing, or contains anything but files and directories. */
export function filesBelow(folder: string, prefix: string): string[] | undefined {
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

/** Hex; undefined if the file can't be read. @param size bytes. */
export async function sha256Of(file: string, size: number): Promise<string | undefined> {
  try {
    if (size <= maxSyncSize) return sha256OfBytes(readFileSync(file))
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array)
    return hash.digest('hex')
  } catch {
    return undefined
  }
}
