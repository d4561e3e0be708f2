const maxListed = 4

/** Sorted names in one line; only the first few if there are many. */
export function listed(names: readonly string[]): string {
  const rest = names.length - maxListed
  const named = [...names].sort().slice(0, maxListed).join(', ')
  return rest > 0 ? `${named} and ${rest} more` : named
}
