/**
 * The packages that a token is restricted to: a name (`@acme/tool`), every package of a scope (`@acme/*`), or every name
 * with a prefix (`@acme/tool-*`). The registry matches patterns on every request, so they cover future packages too.
 */
const pattern = /^@[a-z0-9-]+\/(\*|[a-z0-9][a-z0-9._-]*\*?)$/

/** The maximum number of patterns on one token. */
export const maxPatterns = 50

/** Characters. */
const maxPatternLength = 214

/** Explains why a string isn't a package pattern, completing "the pattern …". Returns undefined if it is one. */
export function patternProblem(text: string): string | undefined {
  if (text.length > maxPatternLength) return `must be at most ${maxPatternLength} characters long`
  if (!pattern.test(text)) return 'must be a package name, `@scope/*`, or a name with a trailing `*`'
  return undefined
}

/** Whether one of the patterns matches a package name. An empty list matches every package. */
export function coversPackage(patterns: readonly string[], name: string): boolean {
  if (patterns.length === 0) return true
  return patterns.some((each) => (each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : name === each))
}

/** Joins patterns for `packageScope`, which the original protocol defines as a single string. */
export function joinPatterns(patterns: readonly string[]): string {
  return patterns.join(',')
}

/** The reverse of `joinPatterns`. Spaces and empty entries are ignored. */
export function splitPatterns(packageScope: string): string[] {
  return packageScope
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
}
