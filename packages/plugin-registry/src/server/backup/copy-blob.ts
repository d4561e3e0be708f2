import type {Readable} from 'node:stream'

import type {BlobStore} from '../blobs/blob-store.js'

interface ExpectedBlob {
  sha256: string
  size: number
}

/**
 * Copies bytes to a blob store, and verifies their hash. It never creates a hard link, since damage to one file would also
 * damage the other.
 *
 * @param from undefined if the bytes are missing.
 * @returns the new key; undefined if the bytes are missing or corrupt.
 */
export async function copyBlob(
  from: Readable | undefined,
  to: BlobStore,
  {sha256, size}: ExpectedBlob,
): Promise<string | undefined> {
  if (!from) return undefined
  const draft = await to.put(from)
  if (draft.sha256 === sha256 && draft.size === size) return to.store(draft)
  await to.discard(draft)
  return undefined
}
