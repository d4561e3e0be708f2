import {type ProblemCode, type ProblemDetail, problems} from '@apkg/wire'

interface RefusalOptions {
  /** A sentence for the user. Defaults to the title of the problem. */
  message?: string
  details?: ProblemDetail[]
  headers?: Record<string, string>
}

/** Ends a request with one of the problems in the protocol. */
export class Refusal extends Error {
  readonly details: ProblemDetail[]
  readonly headers: Record<string, string>

  constructor(
    readonly code: ProblemCode,
    options: RefusalOptions = {},
  ) {
    super(options.message ?? problems[code].title)
    this.name = 'Refusal'
    this.details = options.details ?? []
    this.headers = options.headers ?? {}
  }
}

/** A refusal with a `Retry-After` header. @param milliseconds how long to wait. */
export function retryAfter(milliseconds: number, code: 'TOO_MANY_ATTEMPTS' | 'SLOW_DOWN' | 'BUSY'): Refusal {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000))
  return new Refusal(code, {headers: {'retry-after': String(seconds)}})
}
