import validRange from 'semver/ranges/valid.js'

/** Characters. */
const maxDistTagLength = 128

/**
 * Explains why a string isn't a valid dist-tag, completing "the dist-tag …". Returns undefined if it is one. Versions and
 * ranges are invalid because `name@1.x` would be ambiguous.
 */
export function distTagProblem(text: string): string | undefined {
  if (text.length > maxDistTagLength) return `is longer than ${maxDistTagLength} characters`
  if (!/^[A-Za-z][A-Za-z0-9._-]*$/.test(text)) {
    return 'must be letters, digits, `-`, `.` and `_`, beginning with a letter'
  }
  if (validRange(text) !== null) return 'must not be a version or a range'
  return undefined
}
