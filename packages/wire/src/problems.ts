/**
 * Every error that a registry responds with. A server sends only these codes. A client that doesn't know a code falls
 * back to the HTTP status. Codes are never reused.
 */
export const problems = {
  VALIDATION: {status: 400, title: 'The request is invalid'},
  MALFORMED_JSON: {status: 400, title: 'The body is not valid JSON'},
  UNSUPPORTED_RESTRICTION: {status: 400, title: 'The registry cannot enforce a requested restriction'},
  AUTHORIZATION_PENDING: {status: 400, title: 'The login is not approved in the browser yet'},
  AUTH_MALFORMED: {status: 400, title: 'The Authorization header is malformed'},
  CREDENTIAL_ROTATED: {status: 401, title: 'The token was rotated, and its old value is no longer valid'},
  CREDENTIAL_SUSPENDED: {status: 401, title: 'The credential is suspended'},
  AUTH_MISSING: {status: 401, title: 'Authentication required'},
  CREDENTIAL_UNKNOWN: {status: 401, title: 'The credential is not recognized'},
  CREDENTIAL_EXPIRED: {status: 401, title: 'The credential has expired'},
  CREDENTIAL_REVOKED: {status: 401, title: 'The credential has been revoked'},
  CREDENTIAL_UNENFORCEABLE: {
    status: 401,
    title: 'The credential has a restriction that this registry cannot enforce',
  },
  USER_DISABLED: {status: 401, title: 'The account is disabled'},
  STEP_UP_REQUIRED: {status: 401, title: 'This requires a more recent login'},
  LOGIN_FAILED: {status: 401, title: 'Wrong username or password'},
  MFA_FAILED: {status: 401, title: 'The code is wrong or was already used'},
  MFA_CHALLENGE_EXPIRED: {status: 401, title: 'The login attempt has expired'},
  DEVICE_CODE_EXPIRED: {status: 401, title: 'The login in the browser has expired'},
  REFRESH_INVALID: {status: 401, title: 'The refresh token is no longer valid'},
  BROWSER_DENIED: {status: 403, title: 'The login was denied in the browser'},
  SCOPE_INSUFFICIENT: {status: 403, title: 'The credential does not allow this'},
  SESSION_REQUIRED: {status: 403, title: 'This requires a login. API tokens are not accepted'},
  VALUE_ROTATED: {status: 403, title: 'The token was rotated, and its old value does not allow this'},
  ADDRESS_REFUSED: {status: 403, title: 'The token cannot be used from this address'},
  TOKEN_SPENT: {status: 403, title: 'The token has no uses left'},
  OPERATOR_REQUIRED: {status: 403, title: 'This requires the operator role'},
  OPERATOR_PROTECTED: {
    status: 403,
    title: 'Only commands on the server can change this for an operator',
  },
  ORGANIZATION_FORBIDDEN: {status: 403, title: 'You are not an admin of this organization'},
  NAME_TAKEN: {status: 409, title: 'The name is or was in use'},
  INVITATION_INVALID: {status: 404, title: 'The invitation was used, revoked or has expired'},
  MFA_ALREADY_ENABLED: {status: 409, title: 'The user already has multi-factor authentication'},
  LAST_ADMIN: {status: 409, title: 'The organization needs another admin first'},
  TOKEN_CANNOT_CREATE: {status: 403, title: 'A token cannot create tokens'},
  NOT_FOUND: {status: 404, title: 'Not found'},
  USER_UNKNOWN: {status: 404, title: 'User not found'},
  ORGANIZATION_UNKNOWN: {status: 404, title: 'Organization not found'},
  MEMBER_UNKNOWN: {status: 404, title: 'The user is not a member of this organization'},
  SESSION_UNKNOWN: {status: 404, title: 'Session not found'},
  TOKEN_NOT_FOUND: {status: 404, title: 'Token not found'},
  METHOD_NOT_ALLOWED: {status: 405, title: 'Method not allowed'},
  REQUEST_TIMEOUT: {status: 408, title: 'The request timed out'},
  PACKAGE_UNKNOWN: {status: 404, title: 'Package not found'},
  VERSION_UNKNOWN: {status: 404, title: 'Version not found'},
  DIST_TAG_UNKNOWN: {status: 404, title: 'Dist-tag not found'},
  PROVENANCE_UNKNOWN: {status: 404, title: 'Provenance not found'},
  VERSION_TAKEN_DOWN: {status: 410, title: 'The version was taken down'},
  VERSION_RETIRED: {status: 409, title: 'The version was taken down and cannot be published again'},
  VERSION_EXISTS: {status: 409, title: 'The version already exists with different content'},
  DIST_TAG_LATEST: {status: 409, title: 'The `latest` dist-tag cannot be removed'},
  VISIBILITY_FIXED: {status: 409, title: 'The visibility of a package cannot be changed by publishing'},
  PACKAGE_FORBIDDEN: {status: 403, title: 'You do not have permission to change this package'},
  INTEGRITY_MISMATCH: {status: 400, title: 'Integrity mismatch'},
  ARCHIVE_INVALID: {status: 400, title: 'The tarball is invalid'},
  MANIFEST_MISMATCH: {status: 400, title: 'The manifest in the tarball does not match the metadata'},
  KEY_UNKNOWN: {status: 404, title: 'Signing key not found'},
  KEY_INVALID: {status: 400, title: 'The public key is malformed'},
  KEY_WEAK: {status: 409, title: 'The public key is too weak'},
  KEY_TAKEN: {status: 409, title: 'The key is already registered'},
  KEY_NOT_ACTIVE: {status: 409, title: 'The key is already revoked or rotated'},
  KEY_LIMIT: {status: 409, title: 'The account has reached its limit of signing keys'},
  ATTESTATION_INVALID: {status: 409, title: 'The attestation is not a valid signature by the old key'},
  PROOF_INVALID: {status: 409, title: 'The proof is not a valid signature by the key for this user and registry'},
  SIGNATURE_INVALID: {status: 400, title: 'The signature is not valid for this version on this registry'},
  SIGNER_UNKNOWN: {status: 403, title: 'The version is not signed by one of your active keys'},
  LABEL_TAKEN: {status: 409, title: 'The label is already in use'},
  TOKEN_AMBIGUOUS: {status: 409, title: 'The ID matches several tokens'},
  TOKEN_LIMIT: {status: 409, title: 'The account has reached its limit of tokens'},
  LIFETIME_TOO_LONG: {status: 403, title: 'The lifetime is too long'},
  ALREADY_DONE: {
    status: 409,
    title: 'The request was already executed, and the value that it created was used or is no longer valid',
  },
  IDEMPOTENCY_KEY_REUSED: {status: 422, title: 'The idempotency key was used for another request'},
  TOKEN_NOT_ACTIVE: {status: 409, title: 'The token is revoked, expired, spent or suspended'},
  ROTATION_IN_PROGRESS: {status: 409, title: 'The token is already being rotated'},
  SUSPENSION_NOT_YOURS: {status: 403, title: 'The token was suspended by someone else'},
  OIDC_TOKEN_INVALID: {status: 401, title: 'The ID token is not valid for this registry'},
  OIDC_ISSUER_UNKNOWN: {status: 401, title: 'The registry does not accept ID tokens from this issuer'},
  OIDC_CLAIM_MISMATCH: {status: 401, title: 'The ID token does not match the trusted publisher'},
  OIDC_EVENT_REFUSED: {status: 401, title: 'The job was started by an event that cannot publish'},
  OIDC_REPLAYED: {status: 401, title: 'The ID token was already exchanged'},
  OIDC_PUBLISHER_UNKNOWN: {status: 403, title: 'No trusted publisher for this project'},
  OIDC_PUBLISHER_AMBIGUOUS: {status: 409, title: 'The project is a trusted publisher of several packages'},
  OIDC_ISSUER_UNREACHABLE: {status: 503, title: "The keys of the ID token's issuer cannot be fetched"},
  TRUSTED_PUBLISHER_UNKNOWN: {status: 404, title: 'Trusted publisher not found'},
  TRUSTED_PUBLISHER_INVALID: {status: 409, title: 'The trusted publisher is invalid'},
  TRUSTED_PUBLISHER_EXISTS: {status: 409, title: 'The trusted publisher already exists'},
  TRUSTED_PUBLISHER_LIMIT: {status: 409, title: 'The scope has reached its limit of trusted publishers'},
  TRUSTED_PUBLISHING_REQUIRED: {status: 403, title: 'The scope can only be changed by its trusted publishers'},
  NO_CURRENT_TOKEN: {status: 409, title: 'The request was not made with a token'},
  HOST_UNKNOWN: {status: 421, title: 'The registry does not serve this host'},
  BODY_TOO_LARGE: {status: 413, title: 'The body is too large'},
  RANGE_UNSATISFIABLE: {status: 416, title: 'The requested range cannot be satisfied'},
  UNSUPPORTED_MEDIA_TYPE: {status: 415, title: 'Unsupported media type'},
  SLOW_DOWN: {status: 429, title: 'The login in the browser was checked too often'},
  TOO_MANY_ATTEMPTS: {status: 429, title: 'Too many attempts'},
  HEADERS_TOO_LARGE: {status: 431, title: 'The request headers are too large'},
  INTERNAL: {status: 500, title: 'Internal server error'},
  STORAGE_FULL: {status: 507, title: 'The registry is out of disk space'},
  BUSY: {status: 503, title: 'The registry is busy'},
  REGISTRY_BEHIND: {
    status: 503,
    title: 'The database of the registry was rolled back, and its operator has not accepted that yet',
  },
  OUTCOME_UNKNOWN: {status: 503, title: 'The change may have been made: the registry failed while saving it'},
} as const satisfies Record<string, {status: number; title: string}>

export type ProblemCode = keyof typeof problems

/** One problem with a request. `field` is a path into the body, such as `signature.keyId`. */
export interface ProblemDetail {
  field?: string
  message: string
  code?: string
}

/**
 * The body of every error: problem details (RFC 9457), plus the original client's envelope. That client reads only
 * `error`, and requires `details` to be a list of objects that each have a `message`.
 */
export interface ProblemBody {
  type: string
  title: string
  status: number
  detail: string
  error: {code: string; message: string; details: ProblemDetail[]; requestId: string}
}

/** @param message a sentence for the user; by default, the title of the problem */
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
