import {redactTokenValues} from '@apkg/wire'

import {printable} from '../terminal/printable.js'
import {transportError} from './transport-error.js'
import type {TransportError, WireRequest, WireResponse} from './transport.js'

/** Longer names of requests are not handed on, in characters. */
const maxRequestIdLength = 200

/** A request and how it went, as an observer is told. It holds no header, no body and no secret. */
export interface ObservedRequest {
  readonly method: string
  /** Without query, fragment and userinfo. */
  readonly url: string
  /** 1 for the first: a GET is sent again where the registry may answer otherwise soon. */
  readonly attempt: number
  /** Milliseconds until the answer was there; its beginning, where it is read as it arrives. */
  readonly duration: number
  /** Undefined where no answer came. */
  readonly status: number | undefined
  /** Why no answer came. */
  readonly trouble: TransportError['kind'] | undefined
  /** What the registry calls the request in its log (`X-Request-Id`). */
  readonly requestId: string | undefined
}

/**
 * Somebody who is told of every request of a command. A plugin offers its own by answering the hook event
 * `apkg:requests` with a list of these.
 */
export interface RequestObserver {
  /** Names the observer in messages. */
  readonly name: string
  /** Nobody waits for it, and what it throws or rejects with is dropped: a request goes on as without it. */
  observe(request: ObservedRequest): void | Promise<void>
}

/** Registered, and on the command's class, for the reasons that the selection of credential sources has. */
const key = Symbol.for('apkg.request-observers')

/** Records who is told of the requests of a command. */
export function selectObservers(command: object, observers: readonly RequestObserver[]): void {
  Object.defineProperty(command, key, {value: observers, configurable: true})
}

export function selectedObservers(command: object): readonly RequestObserver[] {
  return (command as {[key]?: readonly RequestObserver[]})[key] ?? []
}

/**
 * Sends a request once and tells the observers how that went.
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
  const {method, url, signal} = request
  const redact = redactionFor(request)
  const start = performance.now()
  const tell = (outcome: Pick<ObservedRequest, 'status' | 'trouble' | 'requestId'>) => {
    const duration = performance.now() - start
    const told = Object.freeze({method, url: redact(url.origin + url.pathname), attempt, duration, ...outcome})
    for (const observer of observers) void notify(observer, told)
  }
  try {
    const response = await send()
    const requestId = response.headers['x-request-id']
    const isUsual = typeof requestId === 'string' && requestId.length <= maxRequestIdLength
    tell({status: response.status, trouble: undefined, requestId: isUsual ? redact(requestId) : undefined})
    return response
  } catch (error) {
    tell({status: undefined, trouble: transportError(error, signal).kind, requestId: undefined})
    throw error
  }
}

async function notify(observer: RequestObserver, told: ObservedRequest): Promise<void> {
  try {
    await observer.observe(told)
  } catch {
    // An observer's trouble is not the command's.
  }
}

/** A registry may send back what it was given, in the address of a redirect or the name of a request. */
function redactionFor({headers}: WireRequest): (text: string) => string {
  const secret = headers['authorization']?.replace(/^Bearer /, '')
  const forms = secret ? [secret, encodeURIComponent(secret)] : []
  return (text) => printable(redactTokenValues(forms.reduce((rest, form) => rest.replaceAll(form, '[secret]'), text)))
}
