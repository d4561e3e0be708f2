/** Bytes. Small, so that the decompressor buffers little. */
const pieceSize = 64 * 1024

/** Yields bytes in pieces, as if they were downloaded. */
export async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += pieceSize) yield bytes.subarray(start, start + pieceSize)
}
