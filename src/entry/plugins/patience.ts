import {performance} from 'node:perf_hooks'

/** How long a plugin may keep apkg waiting, in milliseconds. */
const patience = 2000

/**
 * What the work brings, unless apkg waits for it in vain. Only time in which the process has nothing to do counts: on a
 * slow machine a plugin that is loading is not one that hangs.
 *
 * @throws what the work throws; an error where it hangs. The process is kept alive until then: Node would end it in the
 *   middle of waiting.
 */
export async function inTime<Result>(work: () => Promise<Result>): Promise<Result> {
  const idle = () => performance.eventLoopUtilization().idle
  const before = idle()
  let clock: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    clock = setInterval(() => {
      if (idle() - before > patience) reject(new Error(`no answer within ${patience / 1000} s`))
    }, 50)
  })
  try {
    return await Promise.race([work(), late])
  } finally {
    clearInterval(clock)
  }
}
