/** Runs functions in order, a limited number at a time. */
export type Limiter = <Result>(work: () => Promise<Result>) => Promise<Result>

/** @param maxRunning at least 1. */
export function limiter(maxRunning: number): Limiter {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running >= maxRunning) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await work()
    } finally {
      // The slot is handed on without being freed, so that a new caller cannot jump the queue.
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}

const defaultDownloads = 8
const maxDownloads = 16

/** How many downloads run at a time: `APKG_MAX_CONCURRENT_DOWNLOADS`, from 1 to 16; 8 if it is not an integer. */
export function concurrentDownloads(env: NodeJS.ProcessEnv): number {
  const text = env['APKG_MAX_CONCURRENT_DOWNLOADS'] ?? ''
  if (!/^\d+$/.test(text)) return defaultDownloads
  return Math.min(Math.max(Number(text), 1), maxDownloads)
}
