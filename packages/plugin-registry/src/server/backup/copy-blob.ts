import {createReadStream, existsSync} from 'node:fs'

import type {BlobStore} from '../blobs/blob-store.js'
import {blobFile} from '../blobs/file-blobs.js'

/** The bytes that a version needs. */
interface Wanted {
  sha256: string
  size: number
}

/**
 * Copies a blob, unless it is missing or its bytes are not those of its name. It is never linked: a backup that shares
 * its bytes with what it is a backup of would be damaged with it.
 *
 * @param from a folder of blobs, which is only read.
 * @returns whether it was copied.
 */
export async function copyBlob(from: string, to: BlobStore, {sha256, size}: Wanted, now: Date): Promise<boolean> {
  const file = blobFile(from, sha256)
  if (!existsSync(file)) return false
  const draft = await to.put(createReadStream(file))
  const isWhole = draft.sha256 === sha256 && draft.size === size
  if (isWhole) await to.commit(draft, now.getTime())
  else await to.discard(draft)
  return isWhole
}
