/** Wraps a text at spaces into lines of at most `width` characters. A longer word gets its own line. */
export function wrap(text: string, width: number): string[] {
  return joinWords(text.split(' '), width)
}

/** Wraps a text that starts in column `indent`, and indents its other lines to the same column. */
export function hanging(text: string, indent: number, width: number): string {
  return wrap(text, width - indent).join(`\n${' '.repeat(indent)}`)
}

/** Wraps the lines of a text that are too long. The rest of a line is indented like its start. Commands stay in one piece. */
export function wrapText(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => (lengthOf(line) <= width ? line : wrapLine(line, width)))
    .join('\n')
}

function wrapLine(line: string, width: number): string {
  const text = line.trimStart()
  const indent = line.length - text.length
  const rest = indent + 2
  const [first = '', ...others] = joinWords(pieces(text), width - rest)
  return [' '.repeat(indent) + first, ...others.map((each) => ' '.repeat(rest) + each)].join('\n')
}

/** Splits a text at spaces, except within backticks. */
function pieces(text: string): string[] {
  const [first = '', ...rest] = text.split('`')
  const words = first.split(' ')
  for (const [index, part] of rest.entries()) {
    const isCommand = index % 2 === 0
    const [start = '', ...others] = isCommand && index < rest.length - 1 ? [part] : part.split(' ')
    words.push(`${words.pop() ?? ''}\`${start}`, ...others)
  }
  return words
}

function joinWords(words: readonly string[], width: number): string[] {
  const lines: string[] = []
  let length = 0
  for (const word of words) {
    const added = lengthOf(word)
    if (lines.length === 0 || length + 1 + added > width) {
      lines.push(word)
      length = added
    } else {
      lines.push(`${lines.pop() ?? ''} ${word}`)
      length += 1 + added
    }
  }
  return lines
}

/** In characters, without colors. */
function lengthOf(text: string): number {
  return text.includes('\u001B') ? text.replaceAll(/\u001B\[[\d;]*m/g, '').length : text.length
}
