import {closeSync, openSync} from 'node:fs'

import type {SqliteDriver} from '../store/sqlite/driver.js'
import {StoreBusy} from '../store/store-errors.js'

/** A lock that one process at a time can hold. */
export interface ProcessLock {
  release(): void
}

/**
 * Takes the lock on a file.
 *
 * It is SQLite's exclusive lock on an otherwise empty file, which the operating system releases when the process ends,
 * even if it crashes.
 *
 * @returns undefined if another process holds the lock.
 */
export function takeLock(driver: SqliteDriver, file: string): ProcessLock | undefined {
  closeSync(openSync(file, 'a', 0o600))
  const database = driver.open(file)
  try {
    database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY')
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (error instanceof StoreBusy) return undefined
    throw error
  }
  return {release: () => database.close()}
}
