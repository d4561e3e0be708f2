import {forOutput} from './for-output.js'
import type {Output} from './screen.js'

const clearLine = '\r\u001B[2K'

type Content = 'spinner' | 'progress'

/** The last line of a terminal. It shows a progress bar or a spinner; other output is printed above it. */
class StatusLine {
  #content: Content | undefined
  #text = ''

  constructor(private readonly output: Output) {}

  /** A spinner doesn't replace a progress bar. */
  draw(content: Content, text: string): void {
    if (this.output.isDumb) return
    if (content === 'spinner' && this.#content === 'progress') return
    this.#content = content
    this.#text = forOutput(text, this.output)
    void this.output.write(clearLine + this.#text).catch(() => undefined)
  }

  /** Clears the line, if it shows this content. */
  async clear(content: Content): Promise<void> {
    if (this.#content !== content) return
    this.#content = undefined
    await this.output.write(clearLine).catch(() => undefined)
  }

  /** Prints lines above the status line. @param text ends with a newline */
  async print(text: string): Promise<void> {
    await this.output.write(this.#content === undefined ? text : clearLine + text + this.#text)
  }
}

const lines = new WeakMap<Output, StatusLine>()

/** Returns the status line of a terminal. There is only one per output. */
export function statusLineOf(output: Output): StatusLine {
  const line = lines.get(output) ?? new StatusLine(output)
  lines.set(output, line)
  return line
}
