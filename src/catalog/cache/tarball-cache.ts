import {createReadStream} from 'node:fs'
import {rm} from 'node:fs/promises'
import path from 'node:path'

import {hasCode, isAbsent, errorReason, type ApkgError} from '@apkg/command-kit'
import {defaultLimits} from '@apkg/package-format'
import type {ByteSource} from '@apkg/package-format/archive'

import {openUnlinked, readOpened, type OpenedFile} from '../../files/read-bounded-sync.js'
import {UnusableFile} from '../../files/unusable-file.js'
import {failure} from '../failures.js'
import {registryFile, tarballPath} from './cache-path.js'
import {putFile} from './cached-file.js'
import {readLabel} from './read-label.js'
import type {TarballKey} from './tarball-key.js'
import {integrityOf, verifyIntegrity} from './verify-integrity.js'

/** Bytes. A larger tarball isn't kept in memory after hashing, but read again. */
const maxBuffered = 1024 * 1024

/** Downloaded tarballs. Being in the cache proves nothing, so each one is hashed on every use. */
export class TarballCache {
  /** Registries whose directory is known to hold their URL. */
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
  async open(key: TarballKey): Promise<ByteSource | undefined> {
    try {
      const chunks = chunksOf(this.#fileOf(key))
      if (Array.isArray(chunks)) {
        if (integrityOf(chunks) !== key.integrity) throw await this.#corrupt(key)
        return chunks
      }
      const bytes = this.#verified(key, chunks)
      while (!(await bytes.next()).done);
      return this.#read(key)
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }

  /**
   * Adds a tarball to the cache if its bytes have the expected integrity.
   *
   * @returns the bytes. They are hashed before they are returned; those of a large tarball are read from the file, like
   *   those of `open`.
   * @throws {ApkgError} `INTEGRITY_MISMATCH`, `FILE_UNWRITABLE`; the errors of `source`.
   */
  async store(key: TarballKey, source: AsyncIterable<Uint8Array>): Promise<ByteSource> {
    await this.#labelFolder(key)
    const {name, version, registry, integrity: expected} = key
    const kept: Uint8Array[] = []
    let size = 0
    const bytes = verifyIntegrity(keeping(source), expected, (actual) =>
      failure('INTEGRITY_MISMATCH', {name, version, registry, expected, actual}),
    )
    await putFile(this.#fileOf(key), bytes)
    return size <= maxBuffered ? kept : this.#read(key)

    async function* keeping(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        size += chunk.length
        if (size <= maxBuffered) kept.push(chunk)
        yield chunk
      }
    }
  }

  async remove(key: TarballKey): Promise<void> {
    const file = this.#fileOf(key)
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
  async *#read(key: TarballKey): AsyncGenerator<Uint8Array> {
    yield* this.#verified(key, chunksOf(this.#fileOf(key)))
  }

  #verified(key: TarballKey, chunks: ByteSource): AsyncGenerator<Uint8Array> {
    return verifyIntegrity(chunks, key.integrity, () => this.#corrupt(key))
  }

  async #corrupt(key: TarballKey): Promise<ApkgError> {
    await this.remove(key)
    const {name, version} = key
    return failure('CACHE_CORRUPT', {name, version})
  }

  #fileOf(key: TarballKey): string {
    return this.folder + path.sep + tarballPath(key)
  }

  /** A registry's directory is named by a hash, so a file in it holds the URL. */
  async #labelFolder(key: TarballKey): Promise<void> {
    if (this.#labeled.has(key.registry)) return
    const file = path.join(this.folder, registryFile(key.registry))
    if (readLabel(file) !== key.registry) await putFile(file, [Buffer.from(key.registry)])
    this.#labeled.add(key.registry)
  }
}

/**
 * The bytes of a file, complete if it is small: most tarballs are, and a stream costs more than reading one synchronously.
 * Of a file that is larger than any tarball, only so much is read that its hash differs. If it is absent or not a file, that
 * error is thrown.
 */
function chunksOf(file: string): Buffer[] | AsyncIterable<Uint8Array> {
  try {
    const opened = openUnlinked(file)
    return opened.size <= maxBuffered ? [readOpened(opened, maxBuffered)] : streamOf(file, opened)
  } catch (error) {
    throw readError(file, error)
  }
}

async function* streamOf(file: string, {descriptor}: OpenedFile): AsyncGenerator<Uint8Array> {
  const options = {fd: descriptor, end: defaultLimits.packed, highWaterMark: 256 * 1024}
  try {
    yield* createReadStream(file, options) as AsyncIterable<Buffer>
  } catch (error) {
    throw readError(file, error)
  }
}

function readError(file: string, error: unknown): unknown {
  if (isMissing(error)) return error
  return failure('FILE_UNREADABLE', {path: file, reason: errorReason(error)}, {cause: error})
}

function isMissing(error: unknown): boolean {
  return isAbsent(error) || error instanceof UnusableFile
}
