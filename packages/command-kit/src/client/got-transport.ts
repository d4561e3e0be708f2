import {setTimeout as sleep} from 'node:timers/promises'

import {agentsOf} from './agents.js'
import {isTransient, transportError} from './transport-error.js'
import {sendRequest} from './send-request.js'
import {observed, type RequestObserver} from './request-observer.js'
import type {Transport, WireRequest, WireResponse} from './transport.js'

/** How often a GET is sent at most. */
const maxAttempts = 3

/** What a registry answers when it may answer otherwise soon. */
const transientStatuses = new Set([408, 429, 502, 503, 504])

/** The longest `Retry-After` that is waited for, in milliseconds; beyond it the user is told. */
const maxRetryAfter = 10_000

const defaultTimeout = 30_000

/** A day, in milliseconds: a timer that is set beyond 24 of them goes off at once. */
const maxTimeout = 86_400_000

/**
 * Transport by got: a time-out for each phase, retries of GET only and never after a time-out or once a stream has begun,
 * no redirects (where a credential may go is not got's to decide).
 *
 * @param env `APKG_TIMEOUT_SECS` is how long an answer may take to begin, 30 where it is not set; `APKG_NO_PROXY`.
 * @param observers are told of each attempt.
 */
export function gotTransport(env: NodeJS.ProcessEnv, observers: readonly RequestObserver[] = []): Transport {
  const timeout = timeoutFrom(env)
  const agentFor = agentsOf(env)
  return async (request) => {
    const [{default: got}, agent] = await Promise.all([import('got'), agentFor(request.url)])
    try {
      return await repeating(request, (attempt) =>
        observed(observers, request, attempt, () => sendRequest(got, request, {timeout, agent})),
      )
    } catch (error) {
      throw transportError(error, request.signal)
    }
  }
}

/** Got's own retries are for answers that it reads whole, of any size. */
async function repeating(
  {method, signal}: WireRequest,
  send: (attempt: number) => Promise<WireResponse>,
): Promise<WireResponse> {
  for (let attempt = 1; ; attempt++) {
    const isLast = method !== 'GET' || attempt === maxAttempts
    let pause = pauseAfter(attempt)
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

/** 1 s, 2 s, and up to a tenth of a second by chance, so that clients which failed together do not return together. */
function pauseAfter(attempt: number): number {
  return 1000 * 2 ** (attempt - 1) + Math.random() * 100
}

/** `Retry-After` in milliseconds (RFC 9110, 10.2.3: seconds, or a date). */
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
