import {failure} from '@apkg/command-kit'

/** Between other parts of a rule. Matching a path takes time that grows by its depth with each of them. */
export const maxDoubleStars = 2

/**
 * @param text in the syntax of `.gitignore`.
 * @throws {ApkgError} `FILE_UNREADABLE` if matching a rule could take too long.
 */
export function assertMatchable(text: string, file: string): void {
  const line = text.split('\n').findIndex((each) => !isMatchable(each))
  if (line === -1) return
  const reason = `the rule on line ${line + 1} has more than ${maxDoubleStars} \`**\` between other parts`
  throw failure('FILE_UNREADABLE', {path: file, reason, suggestions: ['replace the rule with simpler ones']})
}

/** Whether matching a rule takes no noticeable time. */
export function isMatchable(rule: string): boolean {
  const parts = withoutRepetition(rule)
    .trimEnd()
    .split('/')
    .filter((part) => part !== '' && part !== '!')
  return parts.slice(1, -1).filter((part) => /^\*{2,}$/.test(part)).length <= maxDoubleStars
}

/** A rule in which two `**` in a row are one, which means the same. */
export function withoutRepetition(rule: string): string {
  return rule.replaceAll(/(^|[!/])(?:\*{2,}\/)+(?=\*{2,}(?:\/|$))/g, '$1')
}
