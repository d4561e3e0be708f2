/** As many as a line takes. */
const mostListed = 4

/** Names in one line, sorted; of many, the first. */
export function listed(names: readonly string[]): string {
  const rest = names.length - mostListed
  const named = [...names].sort().slice(0, mostListed).join(', ')
  return rest > 0 ? `${named} and ${rest} more` : named
}
