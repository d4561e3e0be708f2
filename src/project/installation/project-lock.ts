import {mkdir, rmdir} from 'node:fs/promises'

import {errorCode, hasCode, withLockAt, type HeldLock} from '@apkg/command-kit'

import type {PackagesFolder} from './packages-folder.js'
import {writeFailure} from './write-failure.js'

/** How often a folder is made again that another process removed, since it was empty, before it could be locked. */
const mostAttempts = 5

/**
 * Runs a function while no other process changes the project's packages, manifest or lockfile. The lock of a process
 * that was killed is taken over after some seconds.
 *
 * @throws {ApkgError} `STORE_LOCKED`, `FOLDER_UNMANAGED`, `FILE_UNWRITABLE`; whatever `work` throws.
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
        return await withLockAt(folder.lock, (lock) => {
          state.hasBegun = true
          return work(lock)
        })
      } catch (error) {
        if (state.hasBegun || !hasVanished(error) || attempt === mostAttempts) throw error
      }
    }
  } finally {
    // Where nothing is installed nothing is left behind; a folder with content stays.
    await rmdir(folder.root).catch(() => undefined)
  }
}

/** Whether the folder was gone when it was to be locked. */
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
