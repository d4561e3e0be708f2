import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'

import {compress} from '../../src/archive/zstd.js'
import {decompress} from './decompress.js'
import {chunked} from './read-files.js'

/** Fails unless content is the same after it was compressed and decompressed. */
export async function assertLossless(content: Uint8Array): Promise<void> {
  const packed = await compress(content)
  const hash = createHash('sha256')
  for await (const chunk of decompress(chunked(packed, 50_000))) hash.update(chunk)
  assert.equal(hash.digest('hex'), createHash('sha256').update(content).digest('hex'))
}
