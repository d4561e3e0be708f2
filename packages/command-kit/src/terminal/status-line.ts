import type {Output} from '../ports/ports.js'

const clearLine = '\r\u001B[2K'

/** What may stand in the line. */
type Content = 'spinner' | 'progress'

/**
 * The last line of a terminal, which says what goes on. A spinner gives way to a progress bar, and what is printed
 * meanwhile scrolls by above.
 */
class StatusLine {
  #content: Content | undefined
  #text = ''

  constructor(private readonly output: Output) {}

  draw(content: Content, text: string): void {
    if (content === 'spinner' && this.#content === 'progress') return
    this.#content = content
    this.#text = text
    void this.output.write(clearLine + text).catch(() => undefined)
  }

  /** Resolves when the line is empty again, if it was this content's. */
  async clear(content: Content): Promise<void> {
    if (this.#content !== content) return
    this.#content = undefined
    await this.output.write(clearLine).catch(() => undefined)
  }

  /** Prints lines above. @param text ends with a newline. */
  async print(text: string): Promise<void> {
    await this.output.write(this.#content === undefined ? text : clearLine + text + this.#text)
  }
}

const lines = new WeakMap<Output, StatusLine>()

/** The one status line of a terminal. */
export function statusLineOf(output: Output): StatusLine {
  const line = lines.get(output) ?? new StatusLine(output)
  lines.set(output, line)
  return line
}
