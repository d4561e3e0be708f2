import type {Output} from '../../src/terminal/screen.js'

/** Simulates the lines of a terminal: newlines, and the sequence that clears a line. */
export class Screen implements Output {
  readonly isTerminal: boolean
  readonly columns: number
  readonly hasColors = false
  readonly discards = false
  readonly isFile = false
  lines = ['']
  writes = 0

  constructor({isTerminal = true, columns = 80}: {isTerminal?: boolean; columns?: number} = {}) {
    this.isTerminal = isTerminal
    this.columns = columns
  }

  write(text: string): Promise<void> {
    this.writes++
    for (const part of text.split(/(\r\u001B\[2K|\n)/)) {
      if (part === '\n') this.lines.push('')
      else if (part.startsWith('\r')) this.lines.splice(-1, 1, '')
      else this.lines.push(`${this.lines.pop() ?? ''}${part}`)
    }
    return Promise.resolve()
  }

  /** Waits until the last line contains a text. */
  async until(text: string): Promise<void> {
    while (!this.lines.at(-1)?.includes(text)) await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
