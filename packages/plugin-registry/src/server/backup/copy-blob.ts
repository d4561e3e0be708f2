import {createReadStream, existsSync} from 'node:fs'

import type {BlobStore} from '../blobs/blob-store.js'
import {blobFile} from '../blobs/file-blobs.js'

interface ExpectedBlob {
  sha256: string
  size: number
}

/**
 * Copies a blob and verifies its hash. It never creates a hard link, since damage to one file would also damage the other.
 *
 * @param from a directory of blobs, which is only read.
 * @returns false if the blob is missing or corrupt.
 */
export async function copyBlob(from: string, to: BlobStore, {sha256, size}: ExpectedBlob, now: Date): Promise<boolean> {
  const file = blobFile(from, sha256)
  if (!existsSync(file)) return false
  const draft = await to.put(createReadStream(file))
  const isIntact = draft.sha256 === sha256 && draft.size === size
  if (isIntact) await to.commit(draft, now.getTime())
  else await to.discard(draft)
  return isIntact
}
