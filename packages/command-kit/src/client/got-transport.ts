import type {Agents} from 'got'

import {isLoopback} from '../registry/registry-url.js'
import {TransportError, type Transport, type WireRequest, type WireResponse} from './transport.js'

/** The largest answer that is read, in bytes. */
const largestAnswer = 16 * 1024 * 1024

/** The longest `Retry-After` that is waited for, in milliseconds; beyond it the user is told. */
const longestRetryAfter = 10_000

const defaultTimeout = 30_000

/** A day, in milliseconds: a timer that is set beyond 24 of them goes off at once. */
const longestTimeout = 86_400_000

/** Names for what the system says, so that a user need not know the codes. */
const reasons: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  ENOTFOUND: 'the host is not known',
  EAI_AGAIN: 'the host could not be looked up',
  EHOSTUNREACH: 'the host is out of reach',
  ENETUNREACH: 'the network is out of reach',
  EPROTO: 'it does not speak TLS there',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed (NODE_EXTRA_CA_CERTS names certificates to trust)',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate chain is self-signed (NODE_EXTRA_CA_CERTS names certificates to trust)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is of an unknown authority (NODE_EXTRA_CA_CERTS names more)',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
}

/**
 * Transport by got: a time-out for each phase, retries of GET only and never after a time-out, no redirects (where a
 * credential may go is not got's to decide). A proxy is taken from the process's own `HTTPS_PROXY` and `NO_PROXY`.
 *
 * @param env `APKG_NO_PROXY` (1 or true) turns proxies off; `APKG_TIMEOUT_SECS` is how long an answer may take to begin,
 *   30 where it is not set, and half of what it may take in all.
 */
export function gotTransport(env: NodeJS.ProcessEnv): Transport {
  return async (request) => {
    const {default: got} = await import('got')
    const tooLarge = new AbortController()
    const patience = timeoutOf(env)
    const sending = got(request.url, {
      method: request.method as 'GET',
      headers: request.headers,
      ...(request.body !== undefined && {body: request.body}),
      agent: await agentFor(request.url, env),
      signal: AbortSignal.any([request.signal, tooLarge.signal]),
      followRedirect: false,
      decompress: false,
      timeout: {lookup: 10_000, connect: 10_000, secureConnect: 10_000, response: patience, request: 2 * patience},
      retry: {
        limit: 2,
        methods: ['GET'],
        statusCodes: [408, 429, 502, 503, 504],
        errorCodes: ['ECONNRESET', 'EPIPE', 'EAI_AGAIN'],
        maxRetryAfter: longestRetryAfter,
        backoffLimit: 2000,
      },
    })
    void sending.on('downloadProgress', ({transferred}) => {
      if (transferred > largestAnswer) tooLarge.abort()
    })
    try {
      const {statusCode, headers, body} = await sending
      return {status: statusCode, headers, body}
    } catch (error) {
      const {HTTPError} = await import('got')
      if (error instanceof HTTPError) {
        const {statusCode, headers, body} = error.response as {
          statusCode: number
          headers: WireResponse['headers']
          body: unknown
        }
        return {status: statusCode, headers, body: String(body)}
      }
      throw transportError(error, request, tooLarge.signal)
    }
  }
}

/** got's errors carry the request with its headers: only codes leave here. */
function transportError(error: unknown, request: WireRequest, tooLarge: AbortSignal): TransportError {
  if (request.signal.aborted) {
    const reason = request.signal.reason as unknown
    const outOfTime = reason instanceof Error && reason.name === 'TimeoutError'
    return outOfTime
      ? new TransportError('timeout', 'no answer in time')
      : new TransportError('interrupted', 'interrupted')
  }
  if (tooLarge.aborted) return new TransportError('too-large', `the answer is larger than ${largestAnswer} bytes`)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ETIMEDOUT') return new TransportError('timeout', 'no answer in time')
  const reason = reasons[code] ?? `the connection failed${code && ` (${code})`}`
  return new TransportError('unreachable', reason, code === 'ECONNRESET' || reasons[code] === undefined)
}

function timeoutOf(env: NodeJS.ProcessEnv): number {
  const seconds = Number(env['APKG_TIMEOUT_SECS'])
  return seconds > 0 ? Math.min(seconds * 1000, longestTimeout) : defaultTimeout
}

/** got takes no notice of proxy variables. This machine is never reached through one. */
async function agentFor(url: URL, env: NodeJS.ProcessEnv): Promise<Agents> {
  if (isLoopback(url.hostname) || /^(1|true)$/i.test(env['APKG_NO_PROXY'] ?? '')) return {}
  const {getProxyForUrl} = await import('proxy-from-env')
  const proxy = getProxyForUrl(url.href)
  if (proxy === '') return {}
  const {HttpsProxyAgent} = await import('hpagent')
  return {https: new HttpsProxyAgent({proxy})}
}
