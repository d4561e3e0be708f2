import {randomBytes} from 'node:crypto'
import {mkdir, rm} from 'node:fs/promises'
import path from 'node:path'

import type {PackagesFolder} from './packages-folder.js'
import {writeFailure} from './write-failure.js'

/** A folder for what is not in its place yet, closed to others. */
export class Staging {
  #count = 0

  /** @param path absolute. */
  constructor(readonly path: string) {}

  /** A path in staging that nothing has yet. */
  place(): string {
    this.#count += 1
    return path.join(this.path, String(this.#count))
  }
}

/**
 * Runs a function that changes a project by way of staging, which is empty before, whatever killed processes left there,
 * and gone afterwards. The caller holds the project's lock.
 *
 * @throws {ApkgError} `FILE_UNWRITABLE`, also for the system's errors that `work` throws; whatever else it throws.
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
    // What cannot be removed is left to the next process.
    await rm(staging, {recursive: true, force: true}).catch(() => undefined)
  }
}
