/**
 * The restrictions of tokens that this version enforces, in addition to scopes, packages and expiry. A token's row lists
 * its restrictions by name, so that a process of an older version refuses a token that it can't restrict.
 */
const enforcedRestrictions: readonly string[] = []

/** The restrictions in a list that this version can't enforce. */
export function unenforceable(restrictions: readonly string[]): string[] {
  return restrictions.filter((name) => !enforcedRestrictions.includes(name))
}
