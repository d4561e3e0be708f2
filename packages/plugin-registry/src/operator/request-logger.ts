import type {Output} from '@apkg/command-kit'
import {type Logger, pino} from 'pino'

/** Writes log lines as JSON. */
export function createLogger(output: Output): Logger {
  return pino(
    {base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: {level: (level) => ({level})}},
    {
      write: (line: string) => {
        // Keep serving when the reader of the log is gone.
        void output.write(line).catch(() => undefined)
      },
    },
  )
}
