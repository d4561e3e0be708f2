import {existsSync} from 'node:fs'
import {rm} from 'node:fs/promises'
import path from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'

import {failure} from '../errors/define-failures.js'
import {errorCode, errorReason} from './system-error.js'
import type {StateFolder} from './state-folder.js'

/** Milliseconds until the lock of a killed process is taken over. */
const staleAfter = 5000

/** Milliseconds to wait for another process. Long enough for it to refresh a session over a slow network. */
const timeout = 90_000

/** Milliseconds between two attempts. */
const retryDelay = {min: 20, factor: 1.5, max: 250}

export interface HeldLock {
  /**
   * Call this before each write.
   *
   * @throws {ApkgError} `STORE_LOCKED` if the lock was lost, for example while the machine was asleep
   */
  assertHeld(): void
}

/**
 * Runs a function while no other apkg process can change `~/.apkg`. Removes unfinished writes of killed processes first,
 * because only the holder of the lock can distinguish them from writes in progress.
 *
 * @throws {ApkgError} `STORE_LOCKED`, `FILE_UNWRITABLE`; errors of `work` are passed on
 */
export async function withLock<Result>(
  folder: StateFolder,
  work: (lock: HeldLock) => Promise<Result>,
): Promise<Result> {
  await folder.ensure()
  return withLockAt(path.join(folder.path, '.lock'), async (lock) => {
    for (const leftover of await folder.unfinishedWrites()) await rm(leftover, {force: true})
    return work(lock)
  })
}

/**
 * Runs a function while no other process holds the same lock.
 *
 * @param lockPath the path of the directory that represents the lock; its parent directory must exist
 * @throws {ApkgError} `STORE_LOCKED`, `FILE_UNWRITABLE`; errors of `work` are passed on
 */
export async function withLockAt<Result>(lockPath: string, work: (lock: HeldLock) => Promise<Result>): Promise<Result> {
  const state = {lost: false}
  const release = await acquire(lockPath, () => {
    state.lost = true
  })
  const assertHeld = () => {
    if (state.lost) throw failure('STORE_LOCKED', {path: lockPath})
  }
  try {
    return await work({assertHeld})
  } finally {
    if (!state.lost) await release()
  }
}

/**
 * Acquires the lock. Waits if another process holds it; any other error is thrown immediately.
 *
 * @returns a function that releases the lock
 */
async function acquire(lockPath: string, onLost: () => void): Promise<() => Promise<void>> {
  const {lock} = await import('proper-lockfile')
  const folder = path.dirname(lockPath)
  const deadline = Date.now() + timeout
  for (let delay = retryDelay.min; ; delay = Math.min(delay * retryDelay.factor, retryDelay.max)) {
    try {
      return await lock(folder, {
        lockfilePath: lockPath,
        realpath: false,
        stale: staleAfter,
        update: staleAfter / 5,
        onCompromised: onLost,
      })
    } catch (error) {
      if (!isHeld(error, folder)) {
        throw failure('FILE_UNWRITABLE', {path: folder, reason: errorReason(error)}, {cause: error})
      }
      if (Date.now() >= deadline) throw failure('STORE_LOCKED', {path: lockPath}, {cause: error})
    }
    await sleep(delay)
  }
}

/** `ENOENT` in an existing directory means that another process removed the lock as stale at the same moment. */
function isHeld(error: unknown, folder: string): boolean {
  const code = errorCode(error)
  return code === 'ELOCKED' || (code === 'ENOENT' && existsSync(folder))
}
