/** The store of the blobs can't be reached, or refuses requests. */
export class BlobsUnavailable extends Error {
  override readonly name = 'BlobsUnavailable'
}
