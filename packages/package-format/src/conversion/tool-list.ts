/** Separated by white space and commas, except within parentheses: `Bash(git add:*), Read`. */
const tool = /(?:[^\s,(]|\([^)]*\)?)+/g

/**
 * The tools listed in a frontmatter field, a string or a list, each once. Any other value is returned as JSON, because it
 * is unknown how a tool interprets it.
 */
export function parseToolList(value: unknown): string[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return [...new Set(value.flatMap(parseToolList))]
  if (typeof value === 'string') return [...new Set(value.match(tool))]
  return [JSON.stringify(value)]
}
