import {unprintablePattern} from '@apkg/wire'

/** Characters that no editor shows, some of which end a line in YAML 1.1. Line feeds and tabs are not among them. */
export const hiddenCharacters = new RegExp(`(?![\\n\\t])${unprintablePattern}`, 'gu')

/** A hidden character in a text. */
export interface HiddenCharacter {
  /** From 1. */
  line: number
  /** From 1, in Unicode code points. */
  column: number
  /** Its code point: `U+200B`. */
  code: string
}

export function hasHiddenCharacters(text: string): boolean {
  return text.search(hiddenCharacters) !== -1
}

/**
 * Finds the characters of a text that its readers don't see but a model reads: zero-width and soft-hyphen characters, tags,
 * variation selectors without an emoji, bidirectional and other controls. A carriage return before a line feed and a byte
 * order mark at the start are not hidden text.
 *
 * @param limit the maximum number of characters to return
 */
export function findHiddenCharacters(text: string, limit = 100): HiddenCharacter[] {
  const found: HiddenCharacter[] = []
  let line = 1
  let column = 1
  let position = 0
  for (const {index, 0: character} of text.matchAll(hiddenCharacters)) {
    if (found.length >= limit) break
    const [last = '', ...ended] = text.slice(position, index).split('\n').reverse()
    line += ended.length
    column = lengthOf(last) + (ended.length > 0 ? 1 : column)
    position = index
    const isOrdinary = (character === '\r' && text[index + 1] === '\n') || (character === '\uFEFF' && index === 0)
    if (isOrdinary) continue
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    found.push({line, column, code: `U+${code}`})
  }
  return found
}

/** In Unicode code points. */
function lengthOf(text: string): number {
  return text.length - (text.match(/[\u{10000}-\u{10FFFF}]/gu)?.length ?? 0)
}
