import {rm} from 'node:fs/promises'
import path from 'node:path'

import {failure} from '../errors/apkg-error.js'
import {errorCode, reasonOf} from './system-error.js'
import type {StateFolder} from './state-folder.js'

/** How long the lock of a process that was killed keeps others waiting, in milliseconds. */
const staleAfter = 5000

/** How long to wait for a process that is alive, in milliseconds: a session refresh over a slow network fits in. */
const patience = 90_000

const pause = {least: 20, most: 250}

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
  const lockfilePath = path.join(folder.path, '.lock')
  const {lock} = await import('proper-lockfile')
  const state = {lost: false}
  let release: () => Promise<void>
  try {
    release = await lock(folder.path, {
      lockfilePath,
      realpath: false,
      stale: staleAfter,
      update: staleAfter / 5,
      retries: {
        retries: Math.ceil(patience / pause.most),
        factor: 1.5,
        minTimeout: pause.least,
        maxTimeout: pause.most,
        maxRetryTime: patience,
      },
      onCompromised: () => {
        state.lost = true
      },
    })
  } catch (error) {
    if (errorCode(error) === 'ELOCKED') throw failure('STORE_LOCKED', {path: lockfilePath})
    throw failure('FILE_UNWRITABLE', {path: folder.path, reason: reasonOf(error)})
  }
  const assertHeld = () => {
    if (state.lost) throw failure('STORE_LOCKED', {path: lockfilePath})
  }
  try {
    for (const leftover of await folder.unfinishedWrites()) await rm(leftover, {force: true})
    return await work({assertHeld})
  } finally {
    if (!state.lost) await release()
  }
}
