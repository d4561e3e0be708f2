/** When a rule applies: always, to files that match patterns, or when its description is relevant. */
export type RuleActivation = {when: 'always'} | {when: 'files'; globs: string[]} | {when: 'relevant'}

/**
 * Reads the activation from a rule's frontmatter, which may be written for any tool: `globs` and `alwaysApply` (Cursor),
 * `paths` (Claude Code), `fileMatchPattern` (Kiro).
 */
export function ruleActivation(frontmatter: Readonly<Record<string, unknown>>): RuleActivation {
  if (frontmatter['alwaysApply'] === true) return {when: 'always'}
  const globs = ['globs', 'paths', 'fileMatchPattern'].flatMap((field) => globsIn(frontmatter[field]))
  if (globs.length > 0) return {when: 'files', globs}
  return {when: frontmatter['alwaysApply'] === false ? 'relevant' : 'always'}
}

/** Patterns in a list, or in a comma-separated string; a comma within braces belongs to its pattern. */
function globsIn(value: unknown): string[] {
  const texts = Array.isArray(value) ? value : [value]
  return texts
    .flatMap((text) => (typeof text === 'string' ? text.split(/,(?![^{]*\})/) : []))
    .map((glob) => glob.trim())
    .filter((glob) => glob !== '')
}
