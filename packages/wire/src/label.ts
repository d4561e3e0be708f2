import {looksLikeTokenId} from './token-id.js'
import {looksLikeTokenValue} from './token-value.js'
import {unprintable} from './unprintable.js'

/** The longest label, in Unicode code points. */
export const maxLabelLength = 100

/**
 * Why a text cannot be a token's label, or undefined where it can.
 *
 * Emoji and names like `__proto__` are labels as good as any. A text shaped like a token's value or id is none: it
 * would be taken for one where a label is expected.
 */
export function labelProblem(label: string): string | undefined {
  if (label === '') return 'must not be empty'
  if (label !== label.trim()) return 'must not start or end with white space'
  if ([...label].length > maxLabelLength) return `must be at most ${maxLabelLength} characters long`
  if (unprintable.test(label)) return 'must not contain control characters'
  if (looksLikeTokenValue(label)) return 'must not look like the value of a token'
  if (looksLikeTokenId(label)) return 'must not look like the id of a token'
  return undefined
}
