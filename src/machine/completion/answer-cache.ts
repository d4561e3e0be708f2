import {createHash} from 'node:crypto'
import {readdirSync, rmSync, statSync} from 'node:fs'
import path from 'node:path'

import {assertOwnFolder, readOwnFile} from '@apkg/command-kit'

import {defaultCacheFolder} from '../../catalog/cache/cache-folder.js'
import {answersFolder, isCachePath} from '../../catalog/cache/cache-path.js'
import {putFile} from '../../catalog/cache/cached-file.js'
import type {Candidate} from './values/candidate.js'

/** Bytes. */
const maxSize = 16 * 1024 * 1024

/** In milliseconds. */
const lifetime = 30_000

/**
 * Caches recently looked-up values: one file (0600) per answer in a private directory (0700). The file name is a hash of
 * everything that the answer depends on, including the credential's fingerprint.
 *
 * A pending lookup is cached as an empty answer, so that it isn't started twice.
 *
 * The directory is always in the home directory, because anyone who can write to it decides what Tab inserts.
 */
export class AnswerCache {
  readonly #folder: string

  /** @param home the user's home directory. */
  constructor(
    home: string,
    private readonly now: Date,
  ) {
    this.#folder = path.join(defaultCacheFolder(home), answersFolder)
  }

  /** @returns undefined if there is no answer, or if it is stale, damaged, or could be from another user. */
  find(key: readonly string[]): Candidate[] | undefined {
    try {
      const file = this.#file(key)
      if (!this.#isFresh(file)) return undefined
      for (let folder = this.#folder, depth = 0; depth < 3; folder = path.dirname(folder), depth++)
        assertOwnFolder(folder)
      const values: unknown = JSON.parse(readOwnFile(file, maxSize).toString('utf8'))
      return Array.isArray(values) && values.every(isCandidate) ? values : undefined
    } catch {
      return undefined
    }
  }

  /** Ignores errors. Values that can't be cached are looked up again. */
  async keep(key: readonly string[], values: readonly Candidate[]): Promise<void> {
    try {
      await putFile(this.#file(key), [Buffer.from(JSON.stringify(values))])
      for (const name of readdirSync(this.#folder).filter((each) => isCachePath([answersFolder, each]))) {
        const file = path.join(this.#folder, name)
        if (!this.#isFresh(file)) rmSync(file)
      }
    } catch {
      // The next Tab looks the values up again.
    }
  }

  /** Forgets an answer: the first token, for example, is offered as soon as it exists. */
  drop(key: readonly string[]): void {
    try {
      rmSync(this.#file(key), {force: true})
    } catch {
      // It becomes stale soon.
    }
  }

  #file(key: readonly string[]): string {
    return path.join(this.#folder, `${createHash('sha256').update(JSON.stringify(key)).digest('hex')}.json`)
  }

  /** Compares the absolute difference, because the clock may have been set back. */
  #isFresh(file: string): boolean {
    return Math.abs(this.now.getTime() - statSync(file).mtimeMs) < lifetime
  }
}

function isCandidate(value: unknown): value is Candidate {
  if (typeof value !== 'object' || value === null) return false
  const {value: word, description} = value as Record<string, unknown>
  return typeof word === 'string' && typeof description === 'string'
}
