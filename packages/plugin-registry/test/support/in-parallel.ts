import {setTimeout as sleep} from 'node:timers/promises'

import {StoreBusy} from '../../src/server/store/store-errors.js'

/** Repeats work while the store refuses it, as a client would after a 503. */
export async function whileBusy<Result>(work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof StoreBusy)) throw error
      await sleep(20)
    }
  }
}

/** Runs work a number of times, at most `lanes` at a time. */
export async function inParallel<Result>(
  count: number,
  lanes: number,
  work: (number: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const numbers = Array.from({length: count}, (_, number) => number).values()
  const run = async () => {
    for (const number of numbers) results[number] = await whileBusy(() => work(number))
  }
  await Promise.all(Array.from({length: lanes}, run))
  return results
}
