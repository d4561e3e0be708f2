import {createHash, hash} from 'node:crypto'

import type {ApkgError} from '@apkg/command-kit'
import {formatIntegrity} from '@apkg/package-format'
import type {ByteSource} from '@apkg/package-format/archive'

/**
 * Passes the bytes of a tarball through, and compares their hash with the expected one at the end.
 *
 * @param expected the integrity in the lockfile or packument: `sha256-` and base64.
 * @param mismatch makes the error to throw if they differ.
 */
export async function* verifyIntegrity(
  bytes: ByteSource,
  expected: string,
  mismatch: (actual: string) => ApkgError | Promise<ApkgError>,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  for await (const chunk of bytes) {
    hash.update(chunk)
    yield chunk
  }
  const actual = formatIntegrity(hash.digest())
  if (actual !== expected) throw await mismatch(actual)
}

/** The integrity of bytes: `sha256-` and base64. */
export function integrityOf(chunks: readonly Uint8Array[]): string {
  const [only = new Uint8Array(0), ...more] = chunks
  return formatIntegrity(hash('sha256', more.length === 0 ? only : Buffer.concat(chunks), 'buffer'))
}
