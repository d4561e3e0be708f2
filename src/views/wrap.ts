/** Wraps a text at spaces into lines of at most `width` characters. A longer word gets its own line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word)
    else lines.splice(-1, 1, `${last} ${word}`)
  }
  return lines
}

/** Wraps a text that starts in column `indent`, and indents its other lines to the same column. */
export function hanging(text: string, indent: number, width: number): string {
  return wrap(text, width - indent).join(`\n${' '.repeat(indent)}`)
}
