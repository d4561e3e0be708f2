/** Scripts in which a zero-width joiner or non-joiner changes how letters are connected. */
const joiningScripts = [
  ...['Arabic', 'Syriac', 'Mongolian', 'Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati', 'Oriya', 'Tamil', 'Telugu'],
  ...['Kannada', 'Malayalam', 'Sinhala', 'Khmer', 'Myanmar', 'Tibetan'],
]
  .map((script) => String.raw`\p{Script=${script}}`)
  .join('')

const controls = String.raw`\p{Cc}\p{Zl}\p{Zp}\p{Cs}`

/** Soft hyphens, zero-width characters, variation selectors, tags, bidirectional marks, fillers, annotations. */
const invisibles = String.raw`\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB`

/** What joins to the emoji after it. */
const joinedEmoji = String.raw`\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F`

/**
 * Characters that can fake a line of output, move the cursor, reverse the reading direction or hide text: C0 and C1
 * controls, line and paragraph separators, lone surrogates, and invisible characters, except those within an emoji or
 * between letters that need them. The source of a regular expression with the flag `u`.
 *
 * The first group is for speed: all other conditions are only checked where it matches.
 */
export const unprintablePattern = `(?=[${controls}${invisibles}])(?:${[
  String.raw`(?![\u200C\u200D\uFE0E\uFE0F])[${controls}${invisibles}]`,
  String.raw`(?<!\p{Emoji})[\uFE0E\uFE0F]`,
  String.raw`(?<![${joinedEmoji}${joiningScripts}])\u200D`,
  String.raw`\u200D(?![\p{Extended_Pictographic}${joiningScripts}])`,
  String.raw`(?<![${joiningScripts}])\u200C`,
].join('|')})`

/** What most texts consist of: ASCII, Latin letters and punctuation without anything unprintable. */
const plainText = /^[\x20-\x7E\u00A0-\u00AC\u00AE-\u024F\u2010-\u2027]*$/

let everyUnprintable: RegExp | undefined

/** Whether a text has any character of `unprintablePattern`. */
export function hasUnprintable(text: string): boolean {
  return !plainText.test(text) && text.search(compiled()) !== -1
}

/** Replaces each character of `unprintablePattern`. */
export function replaceUnprintable(text: string, replacement: (character: string) => string): string {
  return plainText.test(text) ? text : text.replace(compiled(), replacement)
}

/** Compiled when first needed, because that takes as long as a tenth of a start. */
function compiled(): RegExp {
  everyUnprintable ??= new RegExp(unprintablePattern, 'gu')
  return everyUnprintable
}
