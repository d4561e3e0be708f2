import type {BlobStore} from './blob-store.js'

/** The tarballs of the registry are in another store. */
export class BlobsElsewhere extends Error {
  override readonly name = 'BlobsElsewhere'
}

/**
 * @param key that of any blob of the registry; undefined if it has none
 * @throws {BlobsElsewhere}
 */
export function assertOwnKey(blobs: Pick<BlobStore, 'ownsKey'>, key: string | undefined): void {
  if (key !== undefined && !blobs.ownsKey(key)) throw new BlobsElsewhere()
}
