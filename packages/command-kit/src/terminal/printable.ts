/**
 * A text from elsewhere (a registry, a file, an argument) as it may stand on one line of a terminal: every character
 * that could move the cursor, forge a line or turn the reading direction is shown as its code, `\u{1b}`.
 */
export function printable(text: string): string {
  return text.replace(unprintable, escape)
}

/** As `printable`, for texts that may span lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n')
}

const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/gu

function escape(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}
