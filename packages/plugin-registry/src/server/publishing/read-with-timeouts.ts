import type {IncomingMessage} from 'node:http'

import {Refusal} from '../http/refusal.js'

/** In milliseconds. */
export interface UploadTimeouts {
  /** Without receiving a byte. */
  idle: number
  /** For the complete upload. */
  total: number
}

/**
 * Reads the body of a request within the timeouts. The time that the reader takes does not count as idle. The request
 * stays open if the reader stops early, so that the server can still respond.
 *
 * @param stop aborts reading.
 * @throws {Refusal} REQUEST_TIMEOUT; VALIDATION if the connection breaks; the reason of `stop`
 */
export async function* readWithTimeouts(
  request: IncomingMessage,
  timeouts: UploadTimeouts,
  stop: AbortSignal,
): AsyncGenerator<Buffer> {
  const chunks = request.iterator({destroyOnReturn: false}) as AsyncIterator<Buffer>
  const end = performance.now() + timeouts.total
  let isWaiting = false
  try {
    for (;;) {
      isWaiting = true
      const next = await withTimeout(Math.min(timeouts.idle, end - performance.now()), chunks.next(), stop)
      isWaiting = false
      if (next.done === true) return
      yield next.value
    }
  } finally {
    // A waiting iterator would return only after its next chunk, which may never arrive.
    if (!isWaiting) await chunks.return?.()
  }
}

async function withTimeout<T>(milliseconds: number, work: Promise<T>, stop: AbortSignal): Promise<T> {
  stop.throwIfAborted()
  let timer: NodeJS.Timeout | undefined
  let abort = () => {}
  const failure = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Refusal('REQUEST_TIMEOUT', {message: 'The upload stalled or took too long'}))
    }, milliseconds)
    abort = () => {
      reject(stop.reason as Refusal)
    }
    stop.addEventListener('abort', abort)
  })
  try {
    return await Promise.race([work, failure])
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal('VALIDATION', {message: 'The upload was interrupted'})
  } finally {
    clearTimeout(timer)
    stop.removeEventListener('abort', abort)
  }
}
