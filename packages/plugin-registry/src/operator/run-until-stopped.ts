import closeWithGrace from 'close-with-grace'
import type {Logger} from 'pino'

/** How long stopping can take, in milliseconds. */
const timeout = 10_000

/**
 * Signals of a crash. If JavaScript handles one, the instruction that caused it runs again, forever. Node itself
 * crashes at exit if its terminal was closed.
 */
const crashes = ['SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGSEGV'] as const

/** On signals such as SIGTERM and SIGINT, and on uncaught errors, stops the server and ends the process. */
export function runUntilStopped(stop: () => Promise<void>, log: Logger): Promise<never> {
  closeWithGrace({delay: timeout, logger: false, skip: ['beforeExit', ...crashes]}, async ({signal, err}) => {
    if (err) log.fatal({err}, 'stopping because of an error')
    else log.info({signal}, 'stopping')
    await stop()
  })
  return new Promise(() => undefined)
}
