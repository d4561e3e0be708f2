import {replaceUnprintable} from '@apkg/wire'

/**
 * Makes untrusted text (from a registry, a file, an argument) safe for one line of a terminal. Characters that could move
 * the cursor, fake a line, reverse the reading direction or hide text are replaced with their codes: `\\u{1b}`.
 */
export function printable(text: string): string {
  return replaceUnprintable(text, (character) => `\\u{${codeOf(character)}}`)
}

/** Like `printable`, but keeps line breaks. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n')
}

/** Formats a value as indented JSON that is safe for terminals. Unsafe characters are JSON-escaped. */
export function printableJson(value: unknown): string {
  const lines = JSON.stringify(value, null, 2).split('\n')
  const escaped = lines.map((line) => replaceUnprintable(line, jsonEscape))
  return `${escaped.join('\n')}\n`
}

/** JSON can only escape code points above U+FFFF as surrogate pairs. */
function jsonEscape(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16)
}
