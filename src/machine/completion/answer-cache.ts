import {createHash} from 'node:crypto'
import {readdirSync, readFileSync, rmSync, statSync} from 'node:fs'
import path from 'node:path'

import {answersFolder, isCachePath} from '../../catalog/cache/cache-path.js'
import {putFile} from '../../catalog/cache/cached-file.js'
import type {Candidate} from './candidates.js'

/** How long an answer is used, in milliseconds. */
const lifetime = 30_000

/**
 * Values that were looked up a moment ago, a file an answer, 0600 in a 0700 folder. Its name is a hash of all that the
 * answer depends on, the credential's fingerprint included; none of that can be read from it.
 *
 * A question that is still being asked counts as answered by nothing, so that it is not asked twice.
 */
export class AnswerCache {
  /** @param folder absolute; made when there is something to keep. */
  constructor(
    private readonly folder: string,
    private readonly now: Date,
  ) {}

  /** Undefined where there is no answer, or none that is fresh and whole. */
  find(key: readonly string[]): Candidate[] | undefined {
    try {
      const file = this.#file(key)
      if (!this.#isFresh(file)) return undefined
      const values: unknown = JSON.parse(readFileSync(file, 'utf8'))
      return Array.isArray(values) && values.every(isCandidate) ? values : undefined
    } catch {
      return undefined
    }
  }

  /** What cannot be kept is looked up again. */
  async keep(key: readonly string[], values: readonly Candidate[]): Promise<void> {
    try {
      await putFile(this.#file(key), [Buffer.from(JSON.stringify(values))])
      for (const name of readdirSync(this.folder).filter((each) => isCachePath([answersFolder, each]))) {
        const file = path.join(this.folder, name)
        if (!this.#isFresh(file)) rmSync(file)
      }
    } catch {
      // The next Tab asks again.
    }
  }

  #file(key: readonly string[]): string {
    return path.join(this.folder, `${createHash('sha256').update(JSON.stringify(key)).digest('hex')}.json`)
  }

  /** A clock that was set back must not keep an answer alive. */
  #isFresh(file: string): boolean {
    return Math.abs(this.now.getTime() - statSync(file).mtimeMs) < lifetime
  }
}

function isCandidate(value: unknown): value is Candidate {
  if (typeof value !== 'object' || value === null) return false
  const {value: word, description} = value as Record<string, unknown>
  return typeof word === 'string' && typeof description === 'string'
}
