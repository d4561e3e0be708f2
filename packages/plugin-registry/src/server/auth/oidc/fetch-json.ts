import {isSecureUrl} from '../../http/secure-url.js'

/** In bytes. GitHub's keys are about 10 KiB. */
const maxSize = 256 * 1024

/** The time limit for the complete response, in milliseconds. */
const timeout = 5000

/**
 * Fetches a JSON document, without following redirects.
 *
 * @throws {Error} if the URL is neither https nor loopback, the request times out or fails, or the response is too
 *   large or not JSON
 */
export async function fetchJson(url: string): Promise<unknown> {
  if (!isSecureUrl(url)) throw new Error(`${url} is neither https nor on this machine`)
  // eslint-disable-next-line no-restricted-globals -- the server doesn't import the kit, and this request has no credential
  const response = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(timeout),
    headers: {accept: 'application/json'},
  })
  if (!response.ok || !response.body) {
    await response.body?.cancel()
    throw new Error(`${url} responded with ${response.status}`)
  }
  const chunks: Uint8Array[] = []
  let size = 0
  // Throwing within the loop closes the connection.
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > maxSize) throw new Error(`the response from ${url} is larger than ${maxSize} bytes`)
    chunks.push(chunk)
  }
  return JSON.parse(Buffer.concat(chunks).toString()) as unknown
}
