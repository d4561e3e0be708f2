/**
 * Every way in which a registry refuses a request. A server answers with a code from this table and no other; a client
 * reads codes from it and takes unknown ones by their status. Codes are never reused.
 */
export const problems = {
  VALIDATION: {status: 400, title: 'The request is not valid'},
  MALFORMED_JSON: {status: 400, title: 'The body is not JSON'},
  UNSUPPORTED_RESTRICTION: {status: 400, title: 'The registry cannot enforce a restriction that was asked for'},
  AUTH_MALFORMED: {status: 400, title: 'The Authorization header is malformed'},
  AUTH_MISSING: {status: 401, title: 'This request needs a credential'},
  CREDENTIAL_UNKNOWN: {status: 401, title: 'The credential is not known'},
  CREDENTIAL_EXPIRED: {status: 401, title: 'The credential has expired'},
  CREDENTIAL_REVOKED: {status: 401, title: 'The credential was revoked'},
  USER_DISABLED: {status: 401, title: 'The user is disabled'},
  LOGIN_FAILED: {status: 401, title: 'The username or the password is wrong'},
  MFA_FAILED: {status: 401, title: 'The code is wrong or was used before'},
  MFA_CHALLENGE_EXPIRED: {status: 401, title: 'The login has to be started again'},
  REFRESH_INVALID: {status: 401, title: 'The session has ended'},
  SCOPE_INSUFFICIENT: {status: 403, title: 'The credential may not do this'},
  TOKEN_CANNOT_CREATE: {status: 403, title: 'A token cannot create tokens'},
  NOT_FOUND: {status: 404, title: 'There is nothing here'},
  TOKEN_UNKNOWN: {status: 404, title: 'No token has this id'},
  METHOD_NOT_ALLOWED: {status: 405, title: 'This address does not take this method'},
  REQUEST_TIMEOUT: {status: 408, title: 'The request did not arrive in time'},
  LABEL_TAKEN: {status: 409, title: 'Another live token has this label'},
  TOKEN_LIMIT: {status: 409, title: 'The account holds as many tokens as it may'},
  NO_CURRENT_TOKEN: {status: 409, title: 'The credential in use is not a token'},
  BODY_TOO_LARGE: {status: 413, title: 'The body is too large'},
  UNSUPPORTED_MEDIA_TYPE: {status: 415, title: 'The body is not of a type that this address takes'},
  TOO_MANY_ATTEMPTS: {status: 429, title: 'Too many attempts'},
  HEADERS_TOO_LARGE: {status: 431, title: 'The headers are too large'},
  INTERNAL: {status: 500, title: 'The registry failed'},
  BUSY: {status: 503, title: 'The registry is busy'},
} as const satisfies Record<string, {status: number; title: string}>

export type ProblemCode = keyof typeof problems

/** One thing that is wrong with a request. `field` is a path into the body, dots between its parts. */
export interface ProblemDetail {
  field?: string
  message: string
  code?: string
}

/**
 * The body of every refusal: RFC 9457 problem details and the envelope of the original client, which reads only `error`
 * and needs `details` to be a list of objects that each have a `message`.
 */
export interface ProblemBody {
  type: string
  title: string
  status: number
  detail: string
  error: {code: string; message: string; details: ProblemDetail[]; requestId: string}
}

/** @param message a sentence for the user; the table's title where none is given. */
export function problemBody(
  code: ProblemCode,
  requestId: string,
  message: string = problems[code].title,
  details: ProblemDetail[] = [],
): ProblemBody {
  const {status, title} = problems[code]
  return {
    type: `urn:apkg:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title,
    status,
    detail: message,
    error: {code, message, details, requestId},
  }
}
