/** A stored blob. */
export interface IndexedBlob {
  key: string
  /** Bytes. */
  size: number
}

/**
 * Knows which blobs are in use and where their bytes are. Publishing and taking down versions update it in their own
 * transactions.
 */
export interface BlobIndex {
  /** Finds the live blob with these bytes. @param sha256 hex-encoded */
  find(sha256: string): Promise<IndexedBlob | undefined>
  /** Returns the key of any live blob. Undefined if there is none. */
  anyKey(): Promise<string | undefined>
  /** Returns those of the keys that have a row. */
  known(keys: readonly string[]): Promise<Set<string>>
  /**
   * Marks some blobs that no available version has needed since a time, so that no version can start to use them.
   *
   * @param holder the process that takes the lease of the collection
   * @returns the marked blobs, including those of an interrupted collection. Undefined if another process holds the lease.
   */
  markUnused(holder: string, since: number, now: number): Promise<IndexedBlob[] | undefined>
  /** Removes the rows of blobs whose bytes were deleted. */
  forget(keys: readonly string[]): Promise<void>
  /** Pauses the collection for a minute. Call it again before that. @returns false while a collection is running */
  pauseCollection(holder: string, now: number): Promise<boolean>
  /** Ends a pause or a collection. */
  release(holder: string): Promise<void>
  /** Replaces all rows, after a backup was copied to another store, and releases all leases, which are those of the original. */
  relocate(blobs: readonly (IndexedBlob & {sha256: string})[]): Promise<void>
}
