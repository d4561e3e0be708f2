import {existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync} from 'node:fs'
import path from 'node:path'

import {loadSqlite, type SqliteDriver} from '../store/sqlite/driver.js'
import {type ProcessLock, takeLock} from './process-lock.js'

/** A directory for the uploads in progress of one process. */
export interface ScratchFolder {
  folder: string
  /** Deletes the directory. */
  release: () => void
}

const prefix = 'apkg-uploads-'
const lockName = 'lock'

/** The directories of this process. Opening a lock file again would release its lock, as POSIX defines. */
const own = new Set<string>()

/**
 * Creates a private directory in another one, which several processes can share, and deletes those of processes that have
 * ended.
 */
export async function claimScratch(parent: string): Promise<ScratchFolder> {
  const driver = await loadSqlite()
  mkdirSync(parent, {recursive: true})
  for (const name of readdirSync(parent).filter((each) => each.startsWith(prefix)))
    sweep(driver, path.join(parent, name))
  for (let attempt = 1; ; attempt++) {
    const folder = mkdtempSync(path.join(parent, prefix))
    const lock = lockOf(driver, folder)
    if (lock) return claimed(lock, folder)
    // Another process that started just now saw a directory without a lock.
    if (attempt === 10) throw new Error(`cannot lock a directory in ${parent}`)
  }
}

function claimed(lock: ProcessLock, folder: string): ScratchFolder {
  own.add(folder)
  const release = () => {
    removeWith(lock, folder)
    own.delete(folder)
  }
  return {folder, release}
}

/** Deletes the directory of a process that has ended. */
function sweep(driver: SqliteDriver, folder: string): void {
  if (own.has(folder) || !belongsToUser(folder)) return
  const lock = lockOf(driver, folder)
  if (lock) removeWith(lock, folder)
}

/** Anyone can create a directory with such a name among temporary files. */
function belongsToUser(folder: string): boolean {
  const found = lstatSync(folder, {throwIfNoEntry: false})
  return found !== undefined && found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid())
}

/** @returns undefined if another process holds the lock, or has deleted the directory. */
function lockOf(driver: SqliteDriver, folder: string): ProcessLock | undefined {
  const file = path.join(folder, lockName)
  try {
    const lock = takeLock(driver, file)
    // A process that deletes a directory holds its lock meanwhile.
    if (!lock || existsSync(file)) return lock
    lock.release()
  } catch (error) {
    if (existsSync(folder)) throw error
  }
  return undefined
}

/** The lock is released last where open files can be deleted, so that no process finds it free in between. */
function removeWith(lock: ProcessLock, folder: string): void {
  if (process.platform === 'win32') lock.release()
  rmSync(folder, {recursive: true, force: true})
  if (process.platform !== 'win32') lock.release()
}
