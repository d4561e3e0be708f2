import {looksLikeTokenId} from './token-id.js'
import {looksLikeTokenValue} from './token-value.js'
import {hasUnprintable} from './unprintable.js'

/** The longest label, in Unicode code points. */
export const maxLabelLength = 100

/** The longest note, in Unicode code points. */
export const maxNoteLength = 250

/** Explains why a string can't be a token's note, completing "the note …". Returns undefined if it can. */
export function noteProblem(note: string): string | undefined {
  if (note.trim() === '') return 'must not be blank'
  if ([...note].length > maxNoteLength) return `must be at most ${maxNoteLength} characters long`
  if (hasUnprintable(note)) return 'must be one line, without control or invisible characters'
  return undefined
}

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
