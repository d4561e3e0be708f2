/**
 * Why an archive is refused. `limit` names the limit of `ArchiveLimits` that was passed, `path` the offending entry as
 * the archive spells it.
 */
export class ArchiveProblem extends Error {
  readonly path: string | undefined
  readonly limit: string | undefined

  constructor(message: string, {path, limit}: {path?: string; limit?: string} = {}) {
    super(message)
    this.name = 'ArchiveProblem'
    this.path = path
    this.limit = limit
  }
}
