import {forOutput, type Output} from '@apkg/command-kit'
import {type Logger, pino} from 'pino'

/** Writes log lines as JSON, or as `toText` formats each of them. */
export function createLogger(output: Output, toText?: (json: string) => string): Logger {
  const shown = (line: string) => (toText ? forOutput(toText(line), output) : line)
  return pino(
    {base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: {level: (level) => ({level})}},
    {
      write: (line: string) => {
        // Keep serving even if the process that reads the log has exited.
        void output.write(shown(line)).catch(() => undefined)
      },
    },
  )
}
