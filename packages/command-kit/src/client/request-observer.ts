import {readRequestId} from './request-id.js'
import {redactSent} from './sent-secret.js'
import {transportError} from './transport-error.js'
import type {TransportError, WireRequest, WireResponse} from './transport.js'

/** A request and its outcome, as observers see it. It holds no header, no body and no secret. */
export interface ObservedRequest {
  readonly method: string
  /** Without query, fragment and userinfo. */
  readonly url: string
  /** 1 for the first attempt. A GET that failed for a passing reason is sent again. */
  readonly attempt: number
  /** Milliseconds until the answer arrived, or until it began if it is streamed. */
  readonly duration: number
  /** Undefined if no answer arrived. */
  readonly status: number | undefined
  /** Why no answer arrived. */
  readonly trouble: TransportError['kind'] | undefined
  /** Identifies the request in the registry's log (`X-Request-Id`). */
  readonly requestId: string | undefined
}

/**
 * Is called after every request of a command. A plugin adds observers by returning a list of them from the hook event
 * `apkg:requests`.
 */
export interface RequestObserver {
  /** Names the observer in messages. */
  readonly name: string
  /** Is not awaited. Errors and rejections are ignored, so an observer can't affect the request. */
  observe(request: ObservedRequest): void | Promise<void>
}

/** Registered, and stored on the command's class, so that every copy of the kit finds it. */
const key = Symbol.for('apkg.request-observers')

/** Sets the observers of a command's requests. */
export function selectObservers(command: object, observers: readonly RequestObserver[]): void {
  Object.defineProperty(command, key, {value: observers, configurable: true})
}

export function selectedObservers(command: object): readonly RequestObserver[] {
  return (command as {[key]?: readonly RequestObserver[]})[key] ?? []
}

/**
 * Sends a request once and notifies the observers of the outcome.
 *
 * @throws what `send` throws.
 */
export async function observed(
  observers: readonly RequestObserver[],
  request: WireRequest,
  attempt: number,
  send: () => Promise<WireResponse>,
): Promise<WireResponse> {
  if (observers.length === 0) return send()
  const {method, url, headers, signal} = request
  const redact = redactSent(headers['authorization']?.replace(/^Bearer /, ''))
  const start = performance.now()
  const notifyAll = (outcome: Pick<ObservedRequest, 'status' | 'trouble' | 'requestId'>) => {
    const duration = performance.now() - start
    const seen = Object.freeze({method, url: redact(url.origin + url.pathname), attempt, duration, ...outcome})
    for (const observer of observers) void notify(observer, seen)
  }
  try {
    const response = await send()
    const requestId = readRequestId(response.headers['x-request-id'])
    notifyAll({status: response.status, trouble: undefined, requestId: requestId && redact(requestId)})
    return response
  } catch (error) {
    notifyAll({status: undefined, trouble: transportError(error, signal).kind, requestId: undefined})
    throw error
  }
}

async function notify(observer: RequestObserver, request: ObservedRequest): Promise<void> {
  try {
    await observer.observe(request)
  } catch {
    // A failing observer must not fail the command.
  }
}
