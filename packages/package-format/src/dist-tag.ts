import validRange from 'semver/ranges/valid.js'

/** The longest dist-tag, in characters. */
const longestDistTag = 128

/**
 * Why a text is no dist-tag, completing "the dist-tag …"; undefined where it is one. What reads as a version or a range
 * is none, since `name@1.x` has to mean one thing.
 */
export function distTagProblem(text: string): string | undefined {
  if (text.length > longestDistTag) return `is longer than ${longestDistTag} characters`
  if (!/^[A-Za-z][A-Za-z0-9._-]*$/.test(text)) {
    return 'must be letters, digits, `-`, `.` and `_`, beginning with a letter'
  }
  if (validRange(text) !== null) return 'must not read as a version or a range'
  return undefined
}
