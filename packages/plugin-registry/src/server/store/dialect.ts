import type {WordSearch} from './words.js'

/**
 * The statements that differ by dialect, with their parameters in brackets. Each engine has its own file with them. All
 * other SQL is the same for every engine.
 */
export interface DialectStatements {
  /**
   * [a list of [credential, time, address, agent, action, package, refused] in JSON, sorted by credential] Moves the last
   * uses forward.
   */
  recordUses: string
  /** [time, action, actor, credential, address, agent, target, detail] Adds a row to the audit log. */
  addAuditRow: string
  /** [last row in the chain, limit] Finds committed rows of the audit log that aren't in the chain, in the order to seal them. */
  findUnsealed: string
  /** [last row in the chain] Counts the rows that `findUnsealed` would find without a limit. */
  countUnsealed: string
  /** [first row, limit] Finds the `{id}` of rows that aren't in the chain, and that `findUnsealed` would never find. */
  findAdded: string
  /** [position, row of the audit log, HMAC] Adds a row to the chain. */
  addLink: string
  /**
   * [user or organization, token, since, before time, before row, limit] Finds the rows about its tokens, the newest
   * first.
   */
  findTokenLog: string
  /** [package] Removes the package from the search index. */
  removeWords: string
  /** [package, audience, words in the name, in the keywords, in the description, in the readme] Adds it to the index. */
  addWords: string
  /** [user, token patterns in JSON, whether there are any] Finds the `{id}` of visible packages, newest first. */
  findNewest: string
  /** [as above, name with or without scope] Finds the `{id}` of visible packages with this name. */
  findNamed: string
  /** [as above, result of `matchExpression`] Finds the `{id}` of visible packages that match. */
  findMatching: string
  /**
   * [a list of [package, rank] in JSON, limit, offset, and of the last package before the page: its rank, whether it is
   * deprecated, when it was published (negative), name] Lists the packages, best rank first. Without a rank, the page is
   * the first one.
   */
  listFound: string
  /** [table] Lists the `{name}` of its columns. */
  listColumns: string
  /** Makes the IDs of new rows higher than those of rows that were added with one. */
  alignSequences: string
  /** Removes all rows of tables that only this engine has. */
  clearOwnTables: string
  /** [user, token patterns in JSON, whether there are any, after name, before name, limit] Finds visible packages by name. */
  findInRange: string
  /** [as `findNewest`, package, after name, limit] Finds visible packages whose `latest` depends on the package, by name. */
  findDependents: string
  /** [as `findNewest`, limit] Finds the `{id, downloads}` of visible packages, most downloads first. */
  findMostInstalled: string
  /** [package] Adds the dependencies of its `latest` to `dependents`. */
  addDependents: string
  /** [a list of [name, day, count] in JSON] Adds downloads. */
  addDownloads: string
}

export interface Dialect {
  readonly statements: DialectStatements
  /** Writes a search as `findMatching` understands it. Words consist of letters, digits and marks only. */
  matchExpression(search: WordSearch): string
}
