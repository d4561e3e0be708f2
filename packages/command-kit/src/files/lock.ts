import {existsSync} from 'node:fs'
import {rm} from 'node:fs/promises'
import path from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'

import {failure} from '../errors/define-failures.js'
import {errorCode, reasonOf} from './system-error.js'
import type {StateFolder} from './state-folder.js'

/** How long the lock of a process that was killed keeps others waiting, in milliseconds. */
const staleAfter = 5000

/** How long to wait for a process that is alive, in milliseconds: a session refresh over a slow network fits in. */
const timeout = 90_000

/** Between two attempts, in milliseconds. */
const pause = {least: 20, growth: 1.5, most: 250}

/** Proof that the lock is held; asked again before each write. */
export interface HeldLock {
  /** @throws {ApkgError} `STORE_LOCKED` when the lock was lost, as after the machine slept. */
  assertHeld(): void
}

/**
 * Runs a function while no other apkg process changes `~/.apkg`. What killed processes left half-written is removed
 * first: only the holder of the lock can tell it from a write under way.
 *
 * @throws {ApkgError} `STORE_LOCKED`, `FILE_UNWRITABLE`, and whatever `work` throws.
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
 * Runs a function while no other process holds the same lock, which shows as a folder.
 *
 * @param lockPath where the lock is, in a folder that exists.
 * @throws {ApkgError} `STORE_LOCKED`, `FILE_UNWRITABLE`, and whatever `work` throws.
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
 * Waits for the lock as long as another process holds it. Anything else that is in the way will be there a moment later
 * too, and is said at once.
 *
 * @returns gives the lock back.
 */
async function acquire(lockPath: string, onLost: () => void): Promise<() => Promise<void>> {
  const {lock} = await import('proper-lockfile')
  const folder = path.dirname(lockPath)
  const deadline = Date.now() + timeout
  for (let wait = pause.least; ; wait = Math.min(wait * pause.growth, pause.most)) {
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
        throw failure('FILE_UNWRITABLE', {path: folder, reason: reasonOf(error)}, {cause: error})
      }
      if (Date.now() >= deadline) throw failure('STORE_LOCKED', {path: lockPath}, {cause: error})
    }
    await sleep(wait)
  }
}

/** A lock that is not there, in a folder that is, was removed by a process that took it for a dead one's. */
function isHeld(error: unknown, folder: string): boolean {
  const code = errorCode(error)
  return code === 'ELOCKED' || (code === 'ENOENT' && existsSync(folder))
}
