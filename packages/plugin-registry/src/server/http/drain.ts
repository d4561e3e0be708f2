import type {IncomingMessage} from 'node:http'

/** Milliseconds without receiving a byte. */
const idleTimeout = 5000

export interface DrainLimits {
  maxBytes?: number
  /** In milliseconds. */
  timeout?: number
}

/**
 * Reads and discards the rest of a request, within limits. Recent versions of Node close the connection right after the
 * response, and a client that is still sending would see a reset instead of the response.
 */
export function drain(
  request: IncomingMessage,
  {maxBytes = 64 * 1024 * 1024, timeout = 60_000}: DrainLimits = {},
): Promise<void> {
  return new Promise((resolve) => {
    if (request.readableEnded || request.destroyed) {
      resolve()
      return
    }
    let received = 0
    setTimeout(resolve, timeout).unref()
    const idle = setTimeout(resolve, idleTimeout).unref()
    request
      .on('data', (chunk: Buffer) => {
        received += chunk.length
        idle.refresh()
        if (received > maxBytes) resolve()
      })
      .once('end', resolve)
      .once('close', resolve)
      .resume()
  })
}
