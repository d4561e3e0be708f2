import type {Readable} from 'node:stream'

/** Received bytes that are not stored as a blob yet. */
export interface Draft {
  /** Hex. */
  sha256: string
  /** Bytes. */
  size: number
  /** The file with the bytes. */
  path: string
}

/** A stored blob, as the store itself sees it. The database decides whether it is in use. */
export interface StoredBlob {
  key: string
  /** Bytes. */
  size: number
  /** How long ago it was written by the store's own clock, in milliseconds. */
  age: number
}

/** A range of bytes, both ends included. */
export interface ByteRange {
  first: number
  last: number
}

/** A blob that is being read. */
export interface OpenBlob {
  /** The bytes of the range, or of the complete blob. */
  bytes: Readable
  /** The size of the complete blob, in bytes. */
  size: number
}

/** How far the audit log was sealed. */
export interface ChainHead {
  position: number
  /** base64. */
  mac: string
}

/**
 * Stores bytes under keys. Every blob gets a new key, which is never written again, so that removing a blob can't remove
 * the bytes of a concurrent upload. The table `blobs` knows which key has which bytes.
 */
export interface BlobStore {
  /** Whether a key has the form of those of this store. */
  ownsKey(key: string): boolean
  /** Writes bytes to a draft on this machine as they arrive. If `source` throws, the draft is deleted. */
  put(source: AsyncIterable<Uint8Array>): Promise<Draft>
  /** Stores a draft as a blob, which is then durable. @returns its key */
  store(draft: Draft): Promise<string>
  /** Deletes a draft. Does nothing if it was stored. */
  discard(draft: Draft): Promise<void>
  /** @returns bytes; undefined if the blob does not exist. */
  sizeOf(key: string): Promise<number | undefined>
  /** @param range must lie within the blob. @returns undefined if the blob does not exist or is shorter. */
  open(key: string, range?: ByteRange): Promise<OpenBlob | undefined>
  /** Removes a blob. Does nothing if it does not exist. */
  remove(key: string): Promise<void>
  /** Lists everything that is stored. Slow. */
  list(): AsyncIterable<StoredBlob>
  /** Fails if blobs can't be stored or read now. Writes nothing. */
  check(): Promise<void>
  /** Stores the head of the audit log's chain, replacing the previous one. */
  writeHead(head: ChainHead): Promise<void>
  /** @returns undefined if none was stored. */
  readHead(): Promise<ChainHead | undefined>
  /** Removes drafts that were not written to since that time. @returns how many. */
  sweepDrafts(untouchedSince: number): Promise<number>
}
