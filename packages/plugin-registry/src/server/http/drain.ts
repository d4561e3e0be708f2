import type {IncomingMessage} from 'node:http'

/** Milliseconds without a byte. */
const pause = 5000

/** How much is read on at most, in bytes, and for how long, in milliseconds. */
export interface DrainLimits {
  longest?: number
  patience?: number
}

/**
 * Reads on for a while what is not wanted. Newer versions of Node close the connection as soon as the answer is out, and
 * a client that is still sending would then see a reset instead of the answer.
 */
export function drain(
  request: IncomingMessage,
  {longest = 64 * 1024 * 1024, patience = 60_000}: DrainLimits = {},
): Promise<void> {
  return new Promise((resolve) => {
    if (request.readableEnded || request.destroyed) {
      resolve()
      return
    }
    let received = 0
    setTimeout(resolve, patience).unref()
    const paused = setTimeout(resolve, pause).unref()
    request
      .on('data', (chunk: Buffer) => {
        received += chunk.length
        paused.refresh()
        if (received > longest) resolve()
      })
      .once('end', resolve)
      .once('close', resolve)
      .resume()
  })
}
