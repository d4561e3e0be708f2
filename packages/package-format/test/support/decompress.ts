import {ByteReader} from '../../src/archive/byte-reader.js'
import {Decompression} from '../../src/archive/decompress.js'
import {SourceChunks, type ByteSource} from '../../src/archive/reading.js'
import {ZstdDecoder} from '../../src/archive/zstd.js'

/** Yields the content of a `.zst`. */
export async function* decompress(source: ByteSource): AsyncGenerator<Uint8Array> {
  const chunks = new SourceChunks(source)
  const decoder = await ZstdDecoder.create()
  const packed = new ByteReader(function* () {
    return yield 'chunk'
  })
  const decompression = new Decompression(packed, decoder)
  for (let content; (content = await chunks.run(decompression.next())) !== undefined;) yield content
  decoder.release(decompression.isComplete)
}
