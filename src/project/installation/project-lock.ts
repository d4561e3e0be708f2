import {mkdir, rmdir} from 'node:fs/promises'

import {errorCode, hasCode, withLockAt, type HeldLock} from '@apkg/command-kit'

import type {PackagesFolder} from './packages-folder.js'
import {writeFailure} from './write-failure.js'

/** Another process may remove the empty directory between its creation and the lock; then both are tried again. */
const maxAttempts = 5

/**
 * Runs a function while no other apkg process changes the project's packages, manifest or lockfile. The lock of a killed
 * process expires after some seconds.
 *
 * @throws {ApkgError} `STORE_LOCKED`, `FOLDER_UNMANAGED`, `FILE_UNWRITABLE`; the errors of `work`.
 */
export async function withProjectLock<Result>(
  folder: PackagesFolder,
  work: (lock: HeldLock) => Promise<Result>,
): Promise<Result> {
  folder.assertReal([])
  try {
    for (let attempt = 1; ; attempt++) {
      await makeFolder(folder.root)
      const state = {hasBegun: false}
      try {
        return await withLockAt(folder.lockFile, (lock) => {
          state.hasBegun = true
          return work(lock)
        })
      } catch (error) {
        if (state.hasBegun || !hasVanished(error) || attempt === maxAttempts) throw error
      }
    }
  } finally {
    // Removes the directory only if it is empty.
    await rmdir(folder.root).catch(() => undefined)
  }
}

/** Whether the directory was gone when it should have been locked. */
function hasVanished(error: unknown): boolean {
  return hasCode(error, 'FILE_UNWRITABLE') && errorCode(error.cause) === 'ENOENT'
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder)
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return
    throw writeFailure(folder, error)
  }
}
