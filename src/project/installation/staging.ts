import {randomBytes} from 'node:crypto'
import {mkdir, rm} from 'node:fs/promises'
import path from 'node:path'

import type {PackagesFolder} from './packages-folder.js'
import {writeFailure} from './write-failure.js'

/** A private directory for files that are not in their final place yet. */
export class Staging {
  #count = 0

  /** @param path absolute. */
  constructor(readonly path: string) {}

  /** An unused path in staging. */
  nextPath(): string {
    this.#count += 1
    return path.join(this.path, String(this.#count))
  }
}

/**
 * Runs a function with a new staging directory, which is removed afterwards along with whatever killed processes left.
 * The caller holds the project's lock.
 *
 * @throws {ApkgError} `FILE_UNWRITABLE`, also for system errors that `work` throws; anything else that `work` throws.
 */
export async function withStaging<Result>(
  {root, staging}: PackagesFolder,
  work: (staging: Staging) => Promise<Result>,
): Promise<Result> {
  const folder = path.join(staging, randomBytes(8).toString('hex'))
  try {
    await rm(staging, {recursive: true, force: true})
    await mkdir(staging)
    await mkdir(folder, {mode: 0o700})
    return await work(new Staging(folder))
  } catch (error) {
    throw writeFailure(root, error)
  } finally {
    // The next process removes what is left.
    await rm(staging, {recursive: true, force: true}).catch(() => undefined)
  }
}
