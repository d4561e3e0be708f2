import {createHash, timingSafeEqual} from 'node:crypto'

/**
 * Whether a request for the metrics has the token for them.
 *
 * @param token undefined if none is required
 */
export function mayReadMetrics(authorization: string | undefined, token: string | undefined): boolean {
  if (token === undefined) return true
  const [, sent] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? []
  return sent !== undefined && timingSafeEqual(sha256(sent), sha256(token))
}

function sha256(text: string): Uint8Array {
  return createHash('sha256').update(text).digest()
}
