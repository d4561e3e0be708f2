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
 * The body of a request, as long as it keeps coming. Time that we take ourselves is not counted. The request stays open
 * when the reader stops early, so that it can still be answered.
 *
 * @param stop gives up the reading, for its reason.
 * @throws Refusal REQUEST_TIMEOUT; VALIDATION where the connection breaks; the reason of `stop`.
 */
export async function* readInTime(
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
      const next = await within(Math.min(timeouts.idle, end - performance.now()), chunks.next(), stop)
      isWaiting = false
      if (next.done === true) return
      yield next.value
    }
  } finally {
    // One that waits would return only after its next chunk, which may never come.
    if (!isWaiting) await chunks.return?.()
  }
}

async function within<T>(milliseconds: number, work: Promise<T>, stop: AbortSignal): Promise<T> {
  stop.throwIfAborted()
  let timer: NodeJS.Timeout | undefined
  let giveUp = () => {}
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Refusal('REQUEST_TIMEOUT', {message: 'The upload stood still or took too long'}))
    }, milliseconds)
    giveUp = () => {
      reject(stop.reason as Refusal)
    }
    stop.addEventListener('abort', giveUp)
  })
  try {
    return await Promise.race([work, tooLate])
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal('VALIDATION', {message: 'The upload broke off'})
  } finally {
    clearTimeout(timer)
    stop.removeEventListener('abort', giveUp)
  }
}
