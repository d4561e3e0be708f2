import {closeSync, openSync} from 'node:fs'

import type {SqliteDriver} from '../store/sqlite/driver.js'
import {StoreBusy} from '../store/store-errors.js'

/** Held by one process at a time. */
export interface ProcessLock {
  release(): void
}

/**
 * Takes the lock that a file stands for, or answers undefined where somebody holds it.
 *
 * It is SQLite's own exclusive lock on a file that is otherwise empty: the operating system lets go of it when the
 * process ends, however it ends.
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
