/**
 * Every way in which a registry refuses a request. A server answers with a code from this table and no other; a client
 * reads codes from it and takes unknown ones by their status. Codes are never reused.
 */
export const problems = {
  VALIDATION: {status: 400, title: 'The request is not valid'},
  MALFORMED_JSON: {status: 400, title: 'The body is not JSON'},
  UNSUPPORTED_RESTRICTION: {status: 400, title: 'The registry cannot enforce a restriction that was asked for'},
  AUTH_MALFORMED: {status: 400, title: 'The Authorization header is malformed'},
  CREDENTIAL_SUSPENDED: {status: 401, title: 'The credential is suspended'},
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
  PACKAGE_UNKNOWN: {status: 404, title: 'There is no such package'},
  VERSION_UNKNOWN: {status: 404, title: 'The package has no such version'},
  DIST_TAG_UNKNOWN: {status: 404, title: 'The package has no such dist-tag'},
  PROVENANCE_UNKNOWN: {status: 404, title: 'The version has no provenance attestation'},
  VERSION_TAKEN_DOWN: {status: 410, title: 'The version was taken down'},
  VERSION_RETIRED: {status: 409, title: 'The version was taken down and does not come back'},
  VERSION_EXISTS: {status: 409, title: 'The version exists, with other content'},
  DIST_TAG_LATEST: {status: 409, title: 'The dist-tag `latest` cannot be removed'},
  VISIBILITY_FIXED: {
    status: 409,
    title: 'A private package cannot be made public by publishing, nor the other way round',
  },
  PACKAGE_FORBIDDEN: {status: 403, title: 'You may not change this package'},
  INTEGRITY_MISMATCH: {status: 400, title: 'The tarball is not the one that was announced'},
  ARCHIVE_INVALID: {status: 400, title: 'The tarball cannot be accepted'},
  MANIFEST_MISMATCH: {status: 400, title: 'The manifest in the tarball does not agree with the request'},
  KEY_UNKNOWN: {status: 404, title: 'No signing key of yours has this id'},
  KEY_INVALID: {status: 400, title: 'The public key is not one that can be used'},
  KEY_TAKEN: {status: 409, title: 'The key was registered before'},
  KEY_NOT_ACTIVE: {status: 409, title: 'The key was revoked or rotated before'},
  KEY_LIMIT: {status: 409, title: 'The account holds as many signing keys as it may'},
  ATTESTATION_INVALID: {status: 400, title: 'The attestation was not signed by the old key over the new one'},
  SIGNATURE_INVALID: {status: 400, title: 'The signature does not hold for this version at this registry'},
  SIGNER_UNKNOWN: {status: 403, title: 'The version is not signed by an active key of yours'},
  LABEL_TAKEN: {status: 409, title: 'Another live token has this label'},
  TOKEN_LIMIT: {status: 409, title: 'The account holds as many tokens as it may'},
  NO_CURRENT_TOKEN: {status: 409, title: 'The credential in use is not a token'},
  BODY_TOO_LARGE: {status: 413, title: 'The body is too large'},
  RANGE_UNSATISFIABLE: {status: 416, title: 'The file has no such part'},
  UNSUPPORTED_MEDIA_TYPE: {status: 415, title: 'The body is not of a type that this address takes'},
  TOO_MANY_ATTEMPTS: {status: 429, title: 'Too many attempts'},
  HEADERS_TOO_LARGE: {status: 431, title: 'The headers are too large'},
  INTERNAL: {status: 500, title: 'The registry failed'},
  STORAGE_FULL: {status: 507, title: 'The registry has no room left'},
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
