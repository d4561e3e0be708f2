import {problemBody, type ProblemCode, problems} from '@apkg/wire'

import {requestIdHeader} from './headers.js'

const requestId = '5f0c5a0e-6d53-4f35-8b6f-2f8d5a1f5f6e'

/** The error responses of an OpenAPI document. Those with a single code, and the examples, become components. */
export class ErrorResponses {
  readonly #shared = new Set<ProblemCode>()
  readonly #shown = new Set<ProblemCode>()

  get components(): {responses: object; examples: object} {
    const responses = [...this.#shared].sort().map((code) => [nameOf(code), this.#response([code])])
    const examples = [...this.#shown].sort().map((code) => [code, exampleOf(code)])
    return {responses: Object.fromEntries(responses) as object, examples: Object.fromEntries(examples) as object}
  }

  /** The responses with these codes, by status. */
  render(codes: readonly ProblemCode[]): Record<string, object> {
    const statuses = [...new Set(codes.map((code) => problems[code].status))]
    return Object.fromEntries(
      statuses.map((status) => {
        const own = codes.filter((code) => problems[code].status === status).sort()
        const [only] = own
        if (own.length > 1 || !only) return [status, this.#response(own)]
        this.#shared.add(only)
        return [status, {$ref: `#/components/responses/${nameOf(only)}`}]
      }),
    )
  }

  #response(codes: ProblemCode[]): object {
    for (const code of codes) this.#shown.add(code)
    const [status] = codes.map((code) => problems[code].status as number)
    const examples = codes.map((code) => [code, {$ref: `#/components/examples/${code}`}])
    return {
      description: codes.map((code) => `\`${code}\`: ${problems[code].title}.`).join('\n\n'),
      headers: {
        ...requestIdHeader,
        ...((status === 401 || status === 403) && {'WWW-Authenticate': {$ref: '#/components/headers/WwwAuthenticate'}}),
        ...((status === 429 || status === 503) && {'Retry-After': {$ref: '#/components/headers/RetryAfter'}}),
      },
      content: {
        'application/problem+json': {
          schema: {$ref: '#/components/schemas/Problem'},
          examples: Object.fromEntries(examples) as object,
        },
      },
      'x-problem-codes': codes,
    }
  }
}

function exampleOf(code: ProblemCode): object {
  return {summary: problems[code].title, value: problemBody(code, requestId)}
}

/** `BodyTooLarge` for `BODY_TOO_LARGE`. */
function nameOf(code: ProblemCode): string {
  return code
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('')
}
