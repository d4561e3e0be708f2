import {forOutput, type Output} from '@apkg/command-kit'
import {type Logger, pino} from 'pino'

/** Writes log lines as JSON, or as `toText` formats each of them. */
export function createLogger(output: Output, toText?: (json: string) => string): Logger {
  const lines = new LineWriter((text) => {
    // Keep serving even if the process that reads the log has exited.
    void output.write(text).catch(() => undefined)
  })
  return pino(
    {base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: {level: (level) => ({level})}},
    {
      write: (line: string) => {
        lines.write(toText ? forOutput(toText(line), output) : line)
      },
    },
  )
}

/**
 * Writes the first line of a turn of the event loop immediately, and the rest together at the end of the turn.
 * On a busy server, a write per line costs as much as looking up a token.
 */
class LineWriter {
  #following = ''
  #isWaiting = false

  constructor(private readonly send: (text: string) => void) {}

  write(line: string): void {
    if (this.#isWaiting) {
      this.#following += line
      return
    }
    this.#isWaiting = true
    setImmediate(() => {
      this.#end()
    })
    this.send(line)
  }

  #end(): void {
    this.#isWaiting = false
    const following = this.#following
    this.#following = ''
    if (following !== '') this.send(following)
  }
}
