import {setImmediate} from 'node:timers/promises'

/**
 * Returns a function that gives the event loop a turn at every so many calls. Long synchronous work must not delay Ctrl-C,
 * responses, and the renewal of a lock.
 */
export function turnEvery(calls: number): () => Promise<void> | undefined {
  let count = 0
  return () => (++count % calls === 0 ? setImmediate() : undefined)
}
