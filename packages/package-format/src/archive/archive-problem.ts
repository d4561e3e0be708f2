/**
 * Why an archive is rejected. The message completes "the archive is invalid: …" and can quote the archive, so print it
 * with `printable()`.
 */
export class ArchiveProblem extends Error {
  /** The path of the entry that is invalid, as spelled in the archive. */
  readonly path: string | undefined
  /** The key in `ArchiveLimits` of the limit that was exceeded. */
  readonly limit: string | undefined

  constructor(message: string, {path, limit}: {path?: string; limit?: string} = {}) {
    super(message)
    this.name = 'ArchiveProblem'
    this.path = path
    this.limit = limit
  }
}
