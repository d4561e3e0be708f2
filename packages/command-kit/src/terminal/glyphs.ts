/** Whether the locale is UTF-8 (POSIX: the first of these variables that is set), or the terminal is known to be. */
export function hasUnicode(env: NodeJS.ProcessEnv): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || ''
  return /utf-?8/i.test(locale) || env['WT_SESSION'] !== undefined
}

/** apkg's own glyphs, and what terminals show instead if their locale isn't UTF-8. */
const asciiGlyphs: Readonly<Record<string, string>> = {
  '✓': 'ok',
  '→': '->',
  '…': '...',
  '—': '-',
  '·': '-',
  '━': '=',
  '─': '-',
  '↑': '^',
  '↓': 'v',
}

/** Replaces apkg's own glyphs with ASCII. */
export function inAscii(text: string): string {
  return text.replaceAll(/[✓→…—·━─↑↓]/g, (glyph) => asciiGlyphs[glyph] ?? glyph)
}
