import closeWithGrace from 'close-with-grace'
import type {Logger} from 'pino'

/** How long stopping may take, in milliseconds. */
const timeout = 10_000

/**
 * Signals that say that the process itself is broken. Where JavaScript listens to one, the instruction that caused it is
 * run again and again, for ever: Node breaks as it ends when its terminal is gone.
 */
const broken = ['SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGSEGV'] as const

/** Stops the server on SIGTERM, SIGINT and the like, and on an error that nobody caught; then ends the process. */
export function runUntilStopped(stop: () => Promise<void>, log: Logger): Promise<never> {
  closeWithGrace({delay: timeout, logger: false, skip: ['beforeExit', ...broken]}, async ({signal, err}) => {
    if (err) log.fatal({err}, 'stopping because of an error')
    else log.info({signal}, 'stopping')
    await stop()
  })
  return new Promise(() => undefined)
}
