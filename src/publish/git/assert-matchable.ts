import {failure} from '@apkg/command-kit'

/** Between other parts of a rule. Matching a path takes time that grows by its depth with each of them. */
const maxDoubleStars = 2

/** Characters. JavaScript refuses a regular expression that is too large, and no path of a package is longer. */
const maxLength = 4096

/**
 * @param text in the syntax of `.gitignore`.
 * @throws {ApkgError} `FILE_UNREADABLE` if matching a rule could take too long.
 */
export function assertMatchable(text: string, file: string): void {
  for (const [index, rule] of text.split('\n').entries()) {
    const problem = matchingProblem(rule)
    if (problem === undefined) continue
    const reason = `the rule on line ${index + 1} ${problem}`
    throw failure('FILE_UNREADABLE', {path: file, reason, suggestions: ['replace the rule with simpler ones']})
  }
}

/** Why a rule could take too long to match, as a predicate; undefined if it takes no noticeable time. */
export function matchingProblem(rule: string): string | undefined {
  if (rule.length > maxLength) return `is longer than ${maxLength} characters`
  const parts = withoutRepetition(rule)
    .trimEnd()
    .split('/')
    .filter((part) => part !== '' && part !== '!')
  const stars = parts.slice(1, -1).filter((part) => /^\*{2,}$/.test(part))
  return stars.length > maxDoubleStars ? `has more than ${maxDoubleStars} \`**\` between other parts` : undefined
}

/** A rule in which two `**` in a row are one, which means the same. */
export function withoutRepetition(rule: string): string {
  return rule.replaceAll(/(^|[!/])(?:\*{2,}\/)+(?=\*{2,}(?:\/|$))/g, '$1')
}
