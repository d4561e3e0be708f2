import {setTimeout as sleep} from 'node:timers/promises'

import {agentsOf} from './proxy-agents.js'
import {isTransient, transportError} from './transport-error.js'
import {sendRequest} from './send-request.js'
import {observed, type RequestObserver} from './request-observer.js'
import type {Transport, WireRequest, WireResponse} from './transport.js'

/** Only GET requests are retried. */
const maxAttempts = 3

/** Statuses that are worth a retry. */
const transientStatuses = new Set([408, 429, 502, 503, 504])

/** Milliseconds. A response with a longer `Retry-After` is returned instead of retried. */
const maxRetryAfter = 10_000

/** Milliseconds. */
const defaultTimeout = 30_000

/** One day, in milliseconds. Node fires timers of more than 24 days immediately. */
const maxTimeout = 86_400_000

/**
 * Creates a transport that uses got, with timeouts for each phase and retries of GET requests. It doesn't retry after a
 * timeout or once a stream has started, and it doesn't follow redirects, because the client decides where a credential
 * can go.
 *
 * @param env `APKG_TIMEOUT_SECS` is how long to wait for the start of a response (30 by default); `APKG_NO_PROXY`
 * @param observers notified of each attempt
 */
export function gotTransport(env: NodeJS.ProcessEnv, observers: readonly RequestObserver[] = []): Transport {
  const timeout = timeoutFrom(env)
  const agentFor = agentsOf(env, timeout)
  return async (request) => {
    const [{default: got}, agent] = await Promise.all([import('got'), agentFor(request.url)])
    try {
      return await withRetries(request, (attempt) =>
        observed(observers, request, attempt, () => sendRequest(got, request, {timeout, agent})),
      )
    } catch (error) {
      throw transportError(error, request.signal)
    }
  }
}

/** Retries on its own, because got retries only requests whose response it buffers, of any size. */
async function withRetries(
  {method, signal}: WireRequest,
  send: (attempt: number) => Promise<WireResponse>,
): Promise<WireResponse> {
  for (let attempt = 1; ; attempt++) {
    const isLast = method !== 'GET' || attempt === maxAttempts
    let pause = retryDelay(attempt)
    try {
      const response = await send(attempt)
      pause = retryAfterOf(response) ?? pause
      if (isLast || !transientStatuses.has(response.status) || pause > maxRetryAfter) return response
    } catch (error) {
      if (isLast || signal.aborted || !isTransient(error)) throw error
    }
    await sleep(pause, undefined, {signal})
  }
}

/** 1 s, then 2 s, in milliseconds, with jitter so that clients that failed together don't retry together. */
function retryDelay(attempt: number): number {
  return 1000 * 2 ** (attempt - 1) + Math.random() * 100
}

/** Returns `Retry-After` (RFC 9110, 10.2.3: seconds or a date) in milliseconds. */
function retryAfterOf({headers}: WireResponse): number | undefined {
  const value = headers['retry-after']
  if (typeof value !== 'string') return undefined
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isNaN(wait) ? undefined : Math.max(0, wait)
}

function timeoutFrom(env: NodeJS.ProcessEnv): number {
  const seconds = Number(env['APKG_TIMEOUT_SECS'])
  return seconds > 0 ? Math.min(seconds * 1000, maxTimeout) : defaultTimeout
}
