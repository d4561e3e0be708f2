import type {BlobStore} from '../../src/server/blobs/blob-store.js'

/** Bytes in chunks, as an upload delivers them. */
export async function* bytes(...chunks: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
}

/** The hashes of all blobs. */
export async function listed(blobs: BlobStore): Promise<string[]> {
  const found: string[] = []
  for await (const {sha256} of blobs.list()) found.push(sha256)
  return found
}
