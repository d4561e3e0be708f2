/**
 * Which packages a token may touch: an exact name (`@acme/tool`), a whole scope (`@acme/*`), or a name with a trailing
 * `*` (`@acme/tool-*`). Matched anew on every request, so a pattern covers packages that do not exist yet.
 */
const pattern = /^@[a-z0-9-]+\/(\*|[a-z0-9][a-z0-9._-]*\*?)$/

/** The most patterns on one token, and the longest of them in characters. */
export const maxPatterns = 50
const longestPattern = 214

/** Why a text is no package pattern, or undefined where it is one. */
export function patternProblem(text: string): string | undefined {
  if (text.length > longestPattern) return `must be at most ${longestPattern} characters long`
  if (!pattern.test(text)) return 'must be a package name, `@scope/*`, or a name with a trailing `*`'
  return undefined
}

/** Whether a package's name is covered by one of the patterns. No patterns means every package. */
export function coversPackage(patterns: readonly string[], name: string): boolean {
  if (patterns.length === 0) return true
  return patterns.some((each) => (each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : name === each))
}

/** The wire's single string (the original client's `packageScope`) and the list it stands for. */
export function joinPatterns(patterns: readonly string[]): string {
  return patterns.join(',')
}

export function splitPatterns(packageScope: string): string[] {
  return packageScope
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
}
