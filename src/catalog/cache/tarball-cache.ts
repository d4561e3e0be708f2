import {createReadStream} from 'node:fs'
import {rm} from 'node:fs/promises'
import path from 'node:path'

import {hasCode, isAbsent, errorReason} from '@apkg/command-kit'
import {defaultLimits} from '@apkg/package-format'

import {openUnlinked, readOpened} from '../../files/read-bounded-sync.js'
import {UnusableFile} from '../../files/unusable-file.js'
import {failure} from '../failures.js'
import {registryFile, tarballPath} from './cache-path.js'
import {putFile} from './cached-file.js'
import {readLabel} from './read-label.js'
import type {TarballKey} from './tarball-key.js'
import {verifyIntegrity} from './verify-integrity.js'

/** Bytes. A larger tarball isn't kept in memory after hashing, but read again. */
const maxBuffered = 1024 * 1024

/** Downloaded tarballs. Being in the cache proves nothing, so each one is hashed on every use. */
export class TarballCache {
  /** Registries whose folder is known to hold their URL. */
  readonly #labeled = new Set<string>()

  constructor(readonly folder: string) {}

  /**
   * The bytes of a tarball; undefined if it isn't cached, or isn't a file. A corrupt tarball is removed.
   *
   * The bytes are hashed before they are returned. A large tarball is hashed again during iteration, which fails with
   * `CACHE_CORRUPT` if the file changed in between.
   *
   * @throws {ApkgError} `CACHE_CORRUPT`, `FILE_UNREADABLE`.
   */
  async open(key: TarballKey): Promise<AsyncIterable<Uint8Array> | undefined> {
    const buffered: Uint8Array[] = []
    let size = 0
    try {
      for await (const chunk of this.#read(key)) {
        size += chunk.length
        if (size <= maxBuffered) buffered.push(chunk)
      }
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
    return size <= maxBuffered ? stream(buffered) : this.#read(key)
  }

  /**
   * Adds a tarball to the cache if its bytes have the expected integrity.
   *
   * @throws {ApkgError} `INTEGRITY_MISMATCH`, `FILE_UNWRITABLE`; the errors of `source`.
   */
  async store(key: TarballKey, source: AsyncIterable<Uint8Array>): Promise<void> {
    const file = path.join(this.folder, tarballPath(key))
    await this.#labelFolder(key)
    const {name, version, registry, integrity: expected} = key
    const bytes = verifyIntegrity(source, expected, (actual) =>
      failure('INTEGRITY_MISMATCH', {name, version, registry, expected, actual}),
    )
    await putFile(file, bytes)
  }

  async remove(key: TarballKey): Promise<void> {
    const file = path.join(this.folder, tarballPath(key))
    try {
      await rm(file, {force: true})
    } catch (error) {
      throw failure('FILE_UNWRITABLE', {path: file, reason: errorReason(error)}, {cause: error})
    }
  }

  /**
   * Whether a tarball is intact; a corrupt one is removed.
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
      if (isMissing(error)) return true
      throw error
    }
  }

  /** Reads and hashes a tarball. If it is absent or not a file, that error is thrown. */
  #read(key: TarballKey): AsyncGenerator<Uint8Array> {
    const {name, version, integrity} = key
    return verifyIntegrity(fileBytes(path.join(this.folder, tarballPath(key))), integrity, async () => {
      await this.remove(key)
      return failure('CACHE_CORRUPT', {name, version})
    })
  }

  /** A registry's folder is named by a hash, so a file in it holds the URL. */
  async #labelFolder(key: TarballKey): Promise<void> {
    if (this.#labeled.has(key.registry)) return
    const file = path.join(this.folder, registryFile(key.registry))
    if (readLabel(file) !== key.registry) await putFile(file, [Buffer.from(key.registry)])
    this.#labeled.add(key.registry)
  }
}

/** The bytes of a file. If it is absent or not a file, that error is thrown. */
async function* fileBytes(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* chunksOf(file)
  } catch (error) {
    if (isMissing(error)) throw error
    throw failure('FILE_UNREADABLE', {path: file, reason: errorReason(error)}, {cause: error})
  }
}

/**
 * Most tarballs are small, and a stream costs more than reading one synchronously. Of a file that is larger than any
 * tarball, only so much is read that its hash differs.
 */
function chunksOf(file: string): Iterable<Uint8Array> | AsyncIterable<Uint8Array> {
  const opened = openUnlinked(file)
  if (opened.size <= maxBuffered) return [readOpened(opened, maxBuffered)]
  const options = {fd: opened.descriptor, end: defaultLimits.packed, highWaterMark: 256 * 1024}
  return createReadStream(file, options) as AsyncIterable<Buffer>
}

function isMissing(error: unknown): boolean {
  return isAbsent(error) || error instanceof UnusableFile
}

async function* stream(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
}
