import {createHash} from 'node:crypto'
import {createReadStream, readFileSync, statSync} from 'node:fs'
import {readFile, rm} from 'node:fs/promises'
import path from 'node:path'

import {hasCode, isAbsent, reasonOf} from '@apkg/command-kit'
import {formatIntegrity} from '@apkg/package-format'

import {failure} from '../failures.js'
import {registryFile, tarballPath} from './cache-path.js'
import {putFile} from './cached-file.js'
import type {TarballKey} from './tarball-key.js'

/** Bytes of a tarball that are held in memory once they are hashed; a larger one is read again. */
const largestHeld = 1024 * 1024

/** The tarballs that were downloaded once. None is trusted for lying in the cache: its bytes are hashed. */
export class TarballCache {
  readonly #named = new Set<string>()

  constructor(readonly folder: string) {}

  /**
   * The bytes of a tarball; undefined where the cache does not have it. One that turns out not to be what the key says
   * is removed.
   *
   * They are hashed before they are handed over. Those of a large tarball are hashed once more on their way, in case
   * the file changes meanwhile: iteration ends with `CACHE_CORRUPT` then.
   *
   * @throws {ApkgError} `CACHE_CORRUPT`, `FILE_UNREADABLE`.
   */
  async open(key: TarballKey): Promise<AsyncIterable<Uint8Array> | undefined> {
    const held: Uint8Array[] = []
    let size = 0
    try {
      for await (const chunk of this.#read(key)) {
        size += chunk.length
        if (size <= largestHeld) held.push(chunk)
      }
    } catch (error) {
      if (isAbsent(error)) return undefined
      throw error
    }
    return size <= largestHeld ? each(held) : this.#read(key)
  }

  /**
   * Takes a tarball into the cache once its bytes were found to be what the key says.
   *
   * @throws {ApkgError} `INTEGRITY_MISMATCH`, `FILE_UNWRITABLE`; whatever `source` throws.
   */
  async store(key: TarballKey, source: AsyncIterable<Uint8Array>): Promise<void> {
    const file = path.join(this.folder, tarballPath(key))
    await this.#nameRegistry(key)
    await putFile(file, verified(key, source))
  }

  async remove(key: TarballKey): Promise<void> {
    const file = path.join(this.folder, tarballPath(key))
    try {
      await rm(file, {force: true})
    } catch (error) {
      throw failure('FILE_UNWRITABLE', {path: file, reason: reasonOf(error)}, {cause: error})
    }
  }

  /**
   * Whether a tarball is what its key says; one that is not is removed.
   *
   * @throws {ApkgError} `FILE_UNREADABLE`, `FILE_UNWRITABLE`.
   */
  async verify(key: TarballKey): Promise<boolean> {
    try {
      const bytes = this.#read(key)
      while (!(await bytes.next()).done);
      return true
    } catch (error) {
      if (hasCode(error, 'CACHE_CORRUPT')) return false
      if (isAbsent(error)) return true
      throw error
    }
  }

  /** Reads a tarball and hashes it. An absent one is the system's error. */
  async *#read(key: TarballKey): AsyncGenerator<Uint8Array> {
    const file = path.join(this.folder, tarballPath(key))
    const hash = createHash('sha256')
    try {
      for await (const chunk of chunksOf(file)) {
        hash.update(chunk)
        yield chunk
      }
    } catch (error) {
      if (isAbsent(error)) throw error
      throw failure('FILE_UNREADABLE', {path: file, reason: reasonOf(error)}, {cause: error})
    }
    const actual = formatIntegrity(hash.digest())
    if (actual === key.integrity) return
    await this.remove(key)
    throw failure('CACHE_CORRUPT', {name: key.name, version: key.version})
  }

  /** The folder of a registry is called by a hash; a file in it says which registry's it is. */
  async #nameRegistry(key: TarballKey): Promise<void> {
    if (this.#named.has(key.registry)) return
    const file = path.join(this.folder, registryFile(key.registry))
    const present = await readFile(file, 'utf8').catch(() => undefined)
    if (present !== key.registry) await putFile(file, [Buffer.from(key.registry)])
    this.#named.add(key.registry)
  }
}

/** Hands bytes on, and ends with `INTEGRITY_MISMATCH` where they were not what a key says. */
async function* verified(key: TarballKey, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  for await (const chunk of source) {
    hash.update(chunk)
    yield chunk
  }
  const actual = formatIntegrity(hash.digest())
  const {name, version, registry, integrity} = key
  if (actual !== integrity) throw failure('INTEGRITY_MISMATCH', {name, version, registry, expected: integrity, actual})
}

/** A small file at once, in the thread of the caller: most tarballs are small, and a stream costs more than its bytes. */
function chunksOf(file: string): Iterable<Uint8Array> | AsyncIterable<Uint8Array> {
  return statSync(file).size <= largestHeld
    ? [readFileSync(file)]
    : (createReadStream(file, {highWaterMark: 256 * 1024}) as AsyncIterable<Buffer>)
}

async function* each(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts
}
