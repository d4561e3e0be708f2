import {redactTokenValues, type ProblemDetail} from '@apkg/wire'

import {printable} from '../terminal/printable.js'

/** A registry's "no", as it said it; the `cause` of the errors that the client throws for it. */
export class RegistryRefusal extends Error {
  constructor(
    readonly status: number,
    /** From the problem table where the registry is ours; undefined where the body said nothing. */
    readonly code: string | undefined,
    message: string,
    readonly details: readonly ProblemDetail[],
    /** Seconds, from `Retry-After`. */
    readonly retryAfter: number | undefined,
  ) {
    super(message)
    this.name = 'RegistryRefusal'
  }

  /** The sentence and its details, a line each, as the original client shows them. */
  get reason(): string {
    const details = this.details.map(({field, message}) => `\n  - ${field ? `${field}: ` : ''}${message}`)
    return this.message + details.join('')
  }
}

/** The refusal behind an error, whichever copy of the kit threw it. */
export function refusalBehind(error: unknown): RegistryRefusal | undefined {
  const cause = error instanceof Error ? error.cause : undefined
  return isRegistryRefusal(cause) ? cause : undefined
}

function isRegistryRefusal(error: unknown): error is RegistryRefusal {
  return error instanceof Error && error.name === 'RegistryRefusal'
}

/**
 * Reads a refusal from an answer of any kind: the original client's envelope, RFC 9457 problem details, or nothing that
 * can be understood, when the status has to do.
 */
export function readRefusal(
  status: number,
  body: string,
  headers: Record<string, string | string[] | undefined>,
): RegistryRefusal {
  const content = parseObject(body)
  const envelope = asObject(content['error'])
  const message = [envelope['message'], content['detail'], content['title']].find(isText)
  const code = [envelope['code']].find(isText)
  const details = Array.isArray(envelope['details']) ? envelope['details'].flatMap(readDetail) : []
  return new RegistryRefusal(
    status,
    code,
    message === undefined ? `it answered with status ${status}` : harmless(message),
    details,
    retryAfterOf(headers),
  )
}

function readDetail(value: unknown): ProblemDetail[] {
  const {field, message, code} = asObject(value)
  if (!isText(message)) return []
  return [{message: harmless(message), ...(isText(field) && {field: harmless(field)}), ...(isText(code) && {code})}]
}

function retryAfterOf(headers: Record<string, string | string[] | undefined>): number | undefined {
  const {'retry-after': value} = headers
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

/** What a registry says stays on the line that it is given, and repeats no token. */
function harmless(text: string): string {
  return redactTokenValues(printable(text))
}
