import type {Readable} from 'node:stream'

/** Bytes that were received and are no blob yet. */
export interface Draft {
  /** In hex. */
  sha256: string
  /** Bytes. */
  size: number
  /** The file that holds them. */
  path: string
}

export interface StoredBlob {
  /** In hex. */
  sha256: string
  /** Bytes. */
  size: number
  /** When somebody last committed these bytes, in milliseconds since 1970. */
  committedAt: number
}

/** A part of a blob, in bytes; both ends are included. */
export interface ByteRange {
  first: number
  last: number
}

/** Keeps bytes under their SHA-256. */
export interface BlobStore {
  /** Receives bytes, onto the disk as they arrive. Nothing is left of them where `source` throws. */
  put(source: AsyncIterable<Uint8Array>): Promise<Draft>
  /** Makes a blob of a draft; it is durable when the promise is fulfilled. What is there under this hash and is not as long as the draft is replaced. */
  commit(draft: Draft, now: number): Promise<void>
  /** Forgets a draft; one that was committed is none any more and is left alone. */
  discard(draft: Draft): Promise<void>
  /** In bytes; undefined where there is no such blob. */
  sizeOf(sha256: string): Promise<number | undefined>
  /** The bytes, or a range that lies within them; undefined where there is no such blob. */
  open(sha256: string, range?: ByteRange): Promise<Readable | undefined>
  list(): AsyncIterable<StoredBlob>
  /**
   * Removes a blob unless it was committed since. Looking and removing is one step: bytes that are committed again
   * meanwhile are either kept or stored anew.
   *
   * @returns whether it was removed.
   */
  removeUnlessCommittedSince(sha256: string, time: number): Promise<boolean>
  /** Removes the drafts that nothing was written to since. @returns how many. */
  sweepDrafts(untouchedSince: number): Promise<number>
}
