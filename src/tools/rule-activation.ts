/** When a rule applies: always, to the files that patterns match, or where its description fits what is done. */
export type RuleActivation = {when: 'always'} | {when: 'files'; globs: string[]} | {when: 'relevant'}

/**
 * What the frontmatter of a rule says of that, in the words of whichever tool it was written for: `globs` and
 * `alwaysApply` (Cursor), `paths` (Claude Code), `fileMatchPattern` (Kiro).
 */
export function ruleActivation(frontmatter: Readonly<Record<string, unknown>>): RuleActivation {
  if (frontmatter['alwaysApply'] === true) return {when: 'always'}
  const globs = ['globs', 'paths', 'fileMatchPattern'].flatMap((field) => globsIn(frontmatter[field]))
  if (globs.length > 0) return {when: 'files', globs}
  return {when: frontmatter['alwaysApply'] === false ? 'relevant' : 'always'}
}

/** Patterns in a list, or in one text between commas; a comma within braces belongs to its pattern. */
function globsIn(value: unknown): string[] {
  const texts = Array.isArray(value) ? value : [value]
  return texts
    .flatMap((text) => (typeof text === 'string' ? text.split(/,(?![^{]*\})/) : []))
    .map((glob) => glob.trim())
    .filter((glob) => glob !== '')
}
