import type {ProblemDetail} from '@apkg/wire'

import type {WireResponse} from './transport.js'
import {readRequestId} from './request-id.js'
import type {Redact} from './redact-sent.js'

/** The response to a request that the registry refused. All text is safe to show. */
export interface RefusalFacts {
  readonly status: number
  /** The registry's error code, such as `LABEL_TAKEN`. Undefined if the response has none. */
  readonly code: string | undefined
  readonly message: string
  readonly details: readonly ProblemDetail[]
  /** Seconds, from `Retry-After`. */
  readonly retryAfter: number | undefined
  /** Identifies the request in the registry's log. */
  readonly requestId: string | undefined
}

/** A request that the registry refused: the `cause` of the errors that the client throws for it. */
export class RegistryRefusal extends Error implements RefusalFacts {
  readonly status: number
  readonly code: string | undefined
  readonly details: readonly ProblemDetail[]
  readonly retryAfter: number | undefined
  readonly requestId: string | undefined

  constructor({status, code, message, details, retryAfter, requestId}: RefusalFacts) {
    super(message)
    this.name = 'RegistryRefusal'
    this.status = status
    this.code = code
    this.details = details
    this.retryAfter = retryAfter
    this.requestId = requestId
  }

  /** The message, then a line for each detail that it doesn't contain, laid out as the original client does. */
  get reason(): string {
    const said = this.details.filter(({code}) => code === undefined || !factCodes.includes(code))
    // eslint-disable-next-line house/no-message-branching -- compares texts only to print none of them twice
    const unsaid = said.filter(({field, message}) => field !== undefined || !this.message.includes(message))
    const details = unsaid.map(({field, message}) => `\n  - ${field ? `${field}: ` : ''}${message}`)
    return this.message + details.join('')
  }
}

/** Details that are for commands in hints, and not sentences. */
const factCodes = ['token', 'label', 'organization']

/** Characters of a message, and of a field. */
const maxTextLength = 2000

const maxDetails = 50

/** Returns the refusal that is the cause of an error. The error can come from another copy of the kit. */
export function refusalBehind(error: unknown): RegistryRefusal | undefined {
  const cause = error instanceof Error ? error.cause : undefined
  return isRegistryRefusal(cause) ? cause : undefined
}

/** The maximum depth of the search, because causes can be circular. */
const maxCauses = 10

/** Like `refusalBehind`, but searches the chain of causes. */
export function refusalWithin(error: unknown): RegistryRefusal | undefined {
  let cause = error
  for (let depth = 0; depth < maxCauses && cause instanceof Error; depth++) {
    cause = cause.cause
    if (isRegistryRefusal(cause)) return cause
  }
  return undefined
}

function isRegistryRefusal(error: unknown): error is RegistryRefusal {
  return error instanceof Error && error.name === 'RegistryRefusal'
}

/**
 * Reads a refusal from a response: the original client's envelope, RFC 9457 problem details, or only its status. Long texts
 * are cut, because people read them.
 */
export function readRefusal({status, body, headers}: WireResponse, redactAll: Redact): RegistryRefusal {
  // Redacted first, because the end could be a part of a secret.
  const redact = (text: string) => shortened(redactAll(text))
  const content = parseObject(body)
  const envelope = asObject(content['error'])
  const message = [envelope['message'], content['detail'], content['title']].find(isText)
  const code = [envelope['code']].find(isText)
  const requestId = readRequestId(envelope['requestId']) ?? readRequestId(headers['x-request-id'])
  return new RegistryRefusal({
    status,
    code: code && redact(code),
    message: message === undefined ? `it responded with status ${status}` : redact(message),
    details: Array.isArray(envelope['details'])
      ? envelope['details'].slice(0, maxDetails).flatMap((detail) => readDetail(detail, redact))
      : [],
    retryAfter: readRetryAfter(headers['retry-after']),
    requestId: requestId && redact(requestId),
  })
}

function readDetail(value: unknown, redact: Redact): ProblemDetail[] {
  const {field, message, code} = asObject(value)
  if (!isText(message)) return []
  return [
    {message: redact(message), ...(isText(field) && {field: redact(field)}), ...(isText(code) && {code: redact(code)})},
  ]
}

function shortened(text: string): string {
  return text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength)}…`
}

function readRetryAfter(value: unknown): number | undefined {
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return asObject(JSON.parse(text))
  } catch {
    return {}
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
