/**
 * The statements that differ by dialect, with their parameters in brackets. Each engine has its own file with them. All
 * other SQL is the same for every engine.
 */
export interface Dialect {
  /**
   * [a list of [credential, time, address, agent, action, package] in JSON, sorted by credential] Moves the last uses
   * forward.
   */
  recordUses: string
  /** [row of the audit log, limit] Finds committed rows after the last one in the chain, in the order to seal them. */
  findUnsealed: string
  /** [package] Removes the package from the search index. */
  removeWords: string
  /** [package] Adds the package's `latest` to the search index. */
  addWords: string
  /** [user, token patterns in JSON, whether there are any] Finds the `{id}` of visible packages, newest first. */
  findNewest: string
  /** [as above, name with or without scope] Finds the `{id}` of visible packages with this name. */
  findNamed: string
  /** [as above, search expression] Finds the `{id}` of visible packages that match. */
  findMatching: string
  /** [a list of [package, rank] in JSON, limit, offset] Lists the packages, best rank first. */
  listFound: string
}
