/** Runs what it is given, so many at a time, in the order in which it came. */
export type Limiter = <Result>(work: () => Promise<Result>) => Promise<Result>

/** @param most at least 1. */
export function limiter(most: number): Limiter {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await work()
    } finally {
      // The place is handed on, so that nobody who comes now slips in between.
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}

const defaultDownloads = 8
const mostDownloads = 16

/** How many downloads run at a time: `APKG_MAX_CONCURRENT_DOWNLOADS`, from 1 to 16; 8 where it is no whole number. */
export function concurrentDownloads(env: NodeJS.ProcessEnv): number {
  const text = env['APKG_MAX_CONCURRENT_DOWNLOADS'] ?? ''
  if (!/^\d+$/.test(text)) return defaultDownloads
  return Math.min(Math.max(Number(text), 1), mostDownloads)
}
