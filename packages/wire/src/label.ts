import {looksLikeTokenId} from './token-id.js'
import {looksLikeTokenValue} from './token-value.js'
import {hasUnprintable} from './unprintable.js'

/** The longest label, in Unicode code points. */
export const maxLabelLength = 100

/**
 * Explains why a string can't be a token's label, completing "the label …". Returns undefined if it can.
 *
 * Commands accept a label or an ID in the same place, so a label must not look like an ID, or like a flag. It must not
 * look like a token value either, because that is usually a secret pasted into the wrong field.
 */
export function labelProblem(label: string): string | undefined {
  if (label === '') return 'must not be empty'
  if (label !== label.trim()) return 'must not start or end with whitespace'
  if (label.startsWith('-')) return 'must not start with a dash'
  if ([...label].length > maxLabelLength) return `must be at most ${maxLabelLength} characters long`
  if (hasUnprintable(label)) return 'must not contain control or invisible characters'
  if (looksLikeTokenValue(label)) return 'must not look like a token value'
  if (looksLikeTokenId(label)) return 'must not look like a token ID'
  return undefined
}
