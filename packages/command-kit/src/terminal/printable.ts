import {unprintable} from '@apkg/wire'

const everyUnprintable = new RegExp(unprintable, 'gu')

/**
 * A text from elsewhere (a registry, a file, an argument) as it may stand on one line of a terminal: every character
 * that could move the cursor, forge a line or turn the reading direction is shown as its code, `\\u{1b}`.
 */
export function printable(text: string): string {
  return text.replace(everyUnprintable, (character) => `\\u{${codeOf(character)}}`)
}

/** As `printable`, for texts that may span lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n')
}

/** An object as indented JSON that a terminal can show: what could move its cursor is escaped as JSON escapes it. */
export function printableJson(value: unknown): string {
  const lines = JSON.stringify(value, null, 2).split('\n')
  const escaped = lines.map((line) => line.replace(everyUnprintable, (each) => `\\u${codeOf(each).padStart(4, '0')}`))
  return `${escaped.join('\n')}\n`
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16)
}
