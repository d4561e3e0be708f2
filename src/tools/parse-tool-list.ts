/** White space and commas divide them, but for those between parentheses: `Bash(git add:*), Read`. */
const tool = /(?:[^\s,(]|\([^)]*\)?)+/g

/**
 * The tools that a field of a frontmatter names, each once: a text or a list. What is neither is told as it is: nobody
 * knows what a tool makes of it.
 */
export function parseToolList(value: unknown): string[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return [...new Set(value.flatMap(parseToolList))]
  if (typeof value === 'string') return [...new Set(value.match(tool))]
  return [JSON.stringify(value)]
}
