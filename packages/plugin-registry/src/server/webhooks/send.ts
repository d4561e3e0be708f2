import {Agent as HttpAgent, type IncomingMessage, request as httpRequest} from 'node:http'
import {Agent as HttpsAgent, request as httpsRequest} from 'node:https'

/** In milliseconds. */
const timeout = 15_000

/** How much of a response is read, in bytes. */
const maxResponseSize = 16 * 1024

export interface SendResult {
  /** Why it wasn't delivered. Undefined if it was. */
  problem: string | undefined
  /** Whether the receiver wants no more webhooks. */
  isGone: boolean
  /** How long the receiver asks to wait, in milliseconds. */
  retryAfter: number
}

/** Sends requests to one URL. Doesn't follow redirects, and ignores responses except for their status. */
export class WebhookSender {
  readonly #agent: HttpAgent | HttpsAgent

  constructor(private readonly url: URL) {
    const options = {keepAlive: true}
    this.#agent = url.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options)
  }

  /** @param stop aborts the request */
  async send(body: string, headers: Record<string, string>, stop: AbortSignal): Promise<SendResult> {
    try {
      return toResult(await this.#request(body, headers, AbortSignal.any([stop, AbortSignal.timeout(timeout)])))
    } catch (error) {
      return {problem: problemOf(error), isGone: false, retryAfter: 0}
    }
  }

  close(): void {
    this.#agent.destroy()
  }

  #request(body: string, headers: Record<string, string>, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const send = this.url.protocol === 'https:' ? httpsRequest : httpRequest
      const content = {'content-type': 'application/json', 'content-length': Buffer.byteLength(body)}
      const options = {method: 'POST', agent: this.#agent, headers: {...headers, ...content}, signal}
      send(this.url, options, (response) => {
        discard(response)
        resolve(response)
      })
        .on('error', reject)
        .end(body)
    })
  }
}

/** Reads a short body to its end, so that the connection can be used again. */
function discard(response: IncomingMessage): void {
  let size = 0
  response
    .on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > maxResponseSize) response.destroy()
    })
    .on('error', () => undefined)
}

function toResult({statusCode = 0, headers}: IncomingMessage): SendResult {
  const problem = statusCode >= 200 && statusCode < 300 ? undefined : `the response was ${statusCode}`
  const seconds = /^\d{1,6}$/.exec(headers['retry-after'] ?? '')?.[0] ?? 0
  return {problem, isGone: statusCode === 410, retryAfter: Number(seconds) * 1000}
}

function problemOf(error: unknown): string {
  const {name, code, message, cause} = error as NodeJS.ErrnoException & {cause?: {name?: string}}
  if (name === 'AbortError')
    return cause?.name === 'TimeoutError' ? `no response within ${timeout / 1000} s` : 'aborted'
  return code ?? message
}
