import {readdirSync} from 'node:fs'
import path from 'node:path'

import type {BlobStore} from '../../src/server/blobs/blob-store.js'
import {blobFile} from '../../src/server/blobs/file-blobs.js'

/** Bytes in chunks, as an upload delivers them. */
export async function* bytes(...chunks: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
}

/** Stores bytes. */
export async function storeBytes(
  blobs: BlobStore,
  content: string | Uint8Array,
): Promise<{sha256: string; size: number; key: string}> {
  const {sha256, size, path: file} = await blobs.put(bytes(content))
  return {sha256, size, key: await blobs.store({sha256, size, path: file})}
}

/** The keys of all blobs, sorted. */
export async function listed(blobs: BlobStore): Promise<string[]> {
  const found: string[] = []
  for await (const {key} of blobs.list()) found.push(key)
  return found.sort()
}

/** The only file with these bytes in a data directory. */
export function storedFile(folder: string, sha256: string): string {
  const parent = path.dirname(blobFile(path.join(folder, 'blobs'), sha256))
  const [name, ...others] = readdirSync(parent).filter((each) => each.startsWith(sha256))
  if (name === undefined || others.length > 0) throw new Error(`${sha256} is stored ${others.length + 1} times`)
  return path.join(parent, name)
}
