import {readRequestId} from './request-id.js'
import {redactSent} from './redact-sent.js'
import {transportError} from './transport-error.js'
import type {TransportError, WireRequest, WireResponse} from './transport.js'

/** A request and its outcome, as observers see it. It contains no headers, bodies or secrets. */
export interface ObservedRequest {
  readonly method: string
  /** Without query, fragment and userinfo. */
  readonly url: string
  /** 1 for the first attempt. Failed GET requests are retried if the reason is transient. */
  readonly attempt: number
  /** Milliseconds until the response arrived, or until it started if it is streamed. */
  readonly duration: number
  /** Undefined if no response arrived. */
  readonly status: number | undefined
  /** Why no response arrived. */
  readonly failure: TransportError['kind'] | undefined
  /** Identifies the request in the registry's log (`X-Request-Id`). */
  readonly requestId: string | undefined
}

/** Observes every request of a command. Plugins add observers by returning a list from the hook `apkg:requests`. */
export interface RequestObserver {
  /** Names the observer in messages. */
  readonly name: string
  /** Is not awaited. Errors and rejections are ignored, so an observer can't affect the request. */
  observe(request: ObservedRequest): void | Promise<void>
}

/** A registered symbol on the command's class, so that every copy of the kit finds it. */
const key = Symbol.for('apkg.request-observers')

/** Sets the observers of a command's requests. */
export function selectObservers(command: object, observers: readonly RequestObserver[]): void {
  Object.defineProperty(command, key, {value: observers, configurable: true})
}

export function selectedObservers(command: object): readonly RequestObserver[] {
  return (command as {[key]?: readonly RequestObserver[]})[key] ?? []
}

/** Sends a request once and notifies the observers of the outcome. Errors of `send` are passed on. */
export async function observed(
  observers: readonly RequestObserver[],
  request: WireRequest,
  attempt: number,
  send: () => Promise<WireResponse>,
): Promise<WireResponse> {
  if (observers.length === 0) return send()
  const {method, url, headers, secrets = [], signal} = request
  const redact = redactSent(headers['authorization']?.replace(/^Bearer /, ''), ...secrets)
  const start = performance.now()
  const notifyAll = (outcome: Pick<ObservedRequest, 'status' | 'failure' | 'requestId'>) => {
    const duration = performance.now() - start
    const seen = Object.freeze({method, url: redact(url.origin + url.pathname), attempt, duration, ...outcome})
    for (const observer of observers) void notify(observer, seen)
  }
  try {
    const response = await send()
    const requestId = readRequestId(response.headers['x-request-id'])
    notifyAll({status: response.status, failure: undefined, requestId: requestId && redact(requestId)})
    return response
  } catch (error) {
    notifyAll({status: undefined, failure: transportError(error, signal).kind, requestId: undefined})
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
