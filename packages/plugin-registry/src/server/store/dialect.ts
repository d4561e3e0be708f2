/**
 * The statements that differ by dialect, with the parameters in brackets. Each engine has a file with its own. All other
 * SQL is the same everywhere.
 */
export interface Dialect {
  /** [a list of [credential, time, address, agent, action, package] in JSON, sorted by credential] Moves the last uses forward. */
  recordUses: string
  /** [row of the audit log, limit] Committed rows after the last one in the chain, in the order to seal them. */
  findUnsealed: string
  /** [package] Removes the package from the search index. */
  removeWords: string
  /** [package] Adds the package's `latest` to the search index. */
  addWords: string
  /** [user, token patterns in JSON, whether there are any] `{id}` of visible packages, newest first. */
  findNewest: string
  /** [as above, name with or without scope] `{id}` of visible packages with this name. */
  findNamed: string
  /** [as above, search expression] `{id}` of visible packages. */
  findMatching: string
  /** [a list of [package, rank] in JSON, limit, offset] The packages' rows, best rank first. */
  listFound: string
}
