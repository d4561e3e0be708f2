import {failure} from '@apkg/command-kit'

/** Matching a path takes time that grows by its depth with each of them. Nobody needs more than three. */
const maxDoubleStars = 4

/**
 * @param text in the syntax of `.gitignore`.
 * @throws {ApkgError} `FILE_UNREADABLE` if matching a rule could take forever.
 */
export function assertMatchable(text: string, file: string): void {
  const line = text.split('\n').findIndex((each) => each.split('**').length - 1 > maxDoubleStars)
  if (line === -1) return
  const reason = `the rule on line ${line + 1} has more than ${maxDoubleStars} \`**\``
  throw failure('FILE_UNREADABLE', {path: file, reason, suggestions: ['replace the rule with simpler ones']})
}
