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

export interface StoredBlob {
  /** Hex. */
  sha256: string
  /** Bytes. */
  size: number
  /** When these bytes were last committed, in milliseconds since 1970. */
  committedAt: number
}

/** A range of bytes, both ends included. */
export interface ByteRange {
  first: number
  last: number
}

/** How far the audit log was sealed. */
export interface ChainHead {
  position: number
  /** base64. */
  mac: string
}

/** Stores bytes by their SHA-256. */
export interface BlobStore {
  /** Writes bytes to a draft as they arrive. If `source` throws, the draft is deleted. */
  put(source: AsyncIterable<Uint8Array>): Promise<Draft>
  /** Stores a draft as a blob, which is then durable. An existing blob with this hash but another size is replaced. */
  commit(draft: Draft, now: number): Promise<void>
  /** Deletes a draft. Does nothing if it was committed. */
  discard(draft: Draft): Promise<void>
  /** @returns bytes; undefined if the blob does not exist. */
  sizeOf(sha256: string): Promise<number | undefined>
  /** @param range must lie within the blob. @returns undefined if the blob does not exist. */
  open(sha256: string, range?: ByteRange): Promise<Readable | undefined>
  list(): AsyncIterable<StoredBlob>
  /**
   * Removes a blob unless it was committed since that time. This is atomic: a concurrent commit of the same bytes either
   * keeps the blob or stores it again.
   *
   * @returns whether it was removed.
   */
  removeUnlessCommittedSince(sha256: string, time: number): Promise<boolean>
  /** Stores the head of the audit log's chain, replacing the previous one. */
  writeHead(head: ChainHead): Promise<void>
  /** @returns undefined if none was stored. */
  readHead(): Promise<ChainHead | undefined>
  /** Removes drafts that were not written to since that time. @returns how many. */
  sweepDrafts(untouchedSince: number): Promise<number>
}
