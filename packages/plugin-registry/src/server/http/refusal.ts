import {type ProblemCode, type ProblemDetail, problems} from '@apkg/wire'

interface RefusalOptions {
  /** A sentence for the user; the problem's title where none is given. */
  message?: string
  details?: ProblemDetail[]
  headers?: Record<string, string>
}

/** Ends a request with a problem of the protocol's table. */
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

/** A refusal that says when to come back. @param milliseconds how long to wait. */
export function retryAfter(milliseconds: number, code: 'TOO_MANY_ATTEMPTS' | 'BUSY'): Refusal {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000))
  const message = `${problems[code].title}; try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}`
  return new Refusal(code, {message, headers: {'retry-after': String(seconds)}})
}
