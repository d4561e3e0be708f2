/** Breaks a text between words into lines of at most `width` characters; a longer word is a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word)
    else lines.splice(-1, 1, `${last} ${word}`)
  }
  return lines
}

/** A text that begins behind `indent` characters, broken so that each line of it begins there and ends within `width`. */
export function hanging(text: string, indent: number, width: number): string {
  return wrap(text, width - indent).join(`\n${' '.repeat(indent)}`)
}
