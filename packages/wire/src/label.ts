import {looksLikeTokenId} from './token-id.js'
import {looksLikeTokenValue} from './token-value.js'

/** The longest label, in Unicode code points. */
export const longestLabel = 100

/** C0 and C1 controls, line and paragraph separators, bidirectional marks, lone surrogates: all that can forge a line. */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/u

/**
 * Why a text cannot be a token's label, or undefined where it can.
 *
 * Emoji and names like `__proto__` are labels as good as any. A text shaped like a token's value or id is none: it
 * would be taken for one where a label is expected.
 */
export function labelProblem(label: string): string | undefined {
  if (label === '') return 'must not be empty'
  if (label !== label.trim()) return 'must not start or end with white space'
  if ([...label].length > longestLabel) return `must be at most ${longestLabel} characters long`
  if (unprintable.test(label)) return 'must not contain control characters'
  if (looksLikeTokenValue(label)) return 'must not look like the value of a token'
  if (looksLikeTokenId(label)) return 'must not look like the id of a token'
  return undefined
}
