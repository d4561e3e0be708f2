import {performance} from 'node:perf_hooks'

/** How long apkg waits for a plugin, in milliseconds. */
const maxIdleTime = 2000

/**
 * Waits for a plugin's work, and gives up if it hangs. Only idle time is counted, so a plugin that is still loading on a
 * slow machine isn't mistaken for one that hangs. The timer also keeps Node.js from exiting while it waits.
 *
 * @throws the work's error, or an error if it hangs.
 */
export async function withTimeout<Result>(work: () => Promise<Result>): Promise<Result> {
  const idle = () => performance.eventLoopUtilization().idle
  const before = idle()
  let clock: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    clock = setInterval(() => {
      if (idle() - before > maxIdleTime) reject(new Error(`timed out after ${maxIdleTime / 1000} seconds`))
    }, 50)
  })
  try {
    return await Promise.race([work(), late])
  } finally {
    clearInterval(clock)
  }
}
