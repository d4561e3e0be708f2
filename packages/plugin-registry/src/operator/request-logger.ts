import type {Output} from '@apkg/command-kit'
import {type Logger, pino} from 'pino'

/** Writes JSON lines, one for each request, to the operator's stream. */
export function createLogger(output: Output): Logger {
  return pino(
    {base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: {level: (level) => ({level})}},
    {
      write: (line: string) => {
        // A log that nobody reads any longer is no reason to stop serving.
        void output.write(line).catch(() => undefined)
      },
    },
  )
}
