import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import Type from 'typebox'
import {Value} from 'typebox/value'

import {problemBody, problems, type ProblemCode} from '../src/index.js'
import {ProblemResponse} from '../src/protocol/index.js'

/** Published clients know these codes, so a code is never reused and never changes its status. */
const statuses: Record<ProblemCode, number> = {
  VALIDATION: 400,
  MALFORMED_JSON: 400,
  UNSUPPORTED_RESTRICTION: 400,
  AUTHORIZATION_PENDING: 400,
  AUTH_MALFORMED: 400,
  CREDENTIAL_ROTATED: 401,
  CREDENTIAL_SUSPENDED: 401,
  CREDENTIAL_UNENFORCEABLE: 401,
  AUTH_MISSING: 401,
  CREDENTIAL_UNKNOWN: 401,
  CREDENTIAL_EXPIRED: 401,
  CREDENTIAL_REVOKED: 401,
  USER_DISABLED: 401,
  STEP_UP_REQUIRED: 401,
  LOGIN_FAILED: 401,
  MFA_FAILED: 401,
  MFA_CHALLENGE_EXPIRED: 401,
  DEVICE_CODE_EXPIRED: 401,
  REFRESH_INVALID: 401,
  BROWSER_DENIED: 403,
  SCOPE_INSUFFICIENT: 403,
  SESSION_REQUIRED: 403,
  ADDRESS_REFUSED: 403,
  VALUE_ROTATED: 403,
  LAST_ADMIN: 409,
  OPERATOR_REQUIRED: 403,
  OPERATOR_PROTECTED: 403,
  NAME_TAKEN: 409,
  MFA_ALREADY_ENABLED: 409,
  INVITATION_INVALID: 404,
  ORGANIZATION_UNKNOWN: 404,
  USER_UNKNOWN: 404,
  MEMBER_UNKNOWN: 404,
  TOKEN_SPENT: 403,
  ORGANIZATION_FORBIDDEN: 403,
  TOKEN_CANNOT_CREATE: 403,
  NOT_FOUND: 404,
  SESSION_UNKNOWN: 404,
  TOKEN_NOT_FOUND: 404,
  PACKAGE_UNKNOWN: 404,
  VERSION_UNKNOWN: 404,
  DIST_TAG_UNKNOWN: 404,
  PROVENANCE_UNKNOWN: 404,
  METHOD_NOT_ALLOWED: 405,
  REQUEST_TIMEOUT: 408,
  VERSION_TAKEN_DOWN: 410,
  VERSION_RETIRED: 409,
  VERSION_EXISTS: 409,
  DIST_TAG_LATEST: 409,
  VISIBILITY_FIXED: 409,
  PACKAGE_FORBIDDEN: 403,
  INTEGRITY_MISMATCH: 400,
  ARCHIVE_INVALID: 400,
  MANIFEST_MISMATCH: 400,
  KEY_UNKNOWN: 404,
  KEY_INVALID: 400,
  KEY_WEAK: 409,
  KEY_TAKEN: 409,
  KEY_NOT_ACTIVE: 409,
  KEY_LIMIT: 409,
  ATTESTATION_INVALID: 409,
  PROOF_INVALID: 409,
  SIGNATURE_INVALID: 400,
  SIGNER_UNKNOWN: 403,
  LABEL_TAKEN: 409,
  TOKEN_AMBIGUOUS: 409,
  TOKEN_LIMIT: 409,
  LIFETIME_TOO_LONG: 403,
  ALREADY_DONE: 409,
  IDEMPOTENCY_KEY_REUSED: 422,
  TOKEN_NOT_ACTIVE: 409,
  ROTATION_IN_PROGRESS: 409,
  SUSPENSION_NOT_YOURS: 403,
  OIDC_TOKEN_INVALID: 401,
  OIDC_ISSUER_UNKNOWN: 401,
  OIDC_CLAIM_MISMATCH: 401,
  OIDC_EVENT_REFUSED: 401,
  OIDC_REPLAYED: 401,
  OIDC_PUBLISHER_UNKNOWN: 403,
  OIDC_PUBLISHER_AMBIGUOUS: 409,
  OIDC_ISSUER_UNREACHABLE: 503,
  TRUSTED_PUBLISHER_UNKNOWN: 404,
  TRUSTED_PUBLISHER_INVALID: 409,
  TRUSTED_PUBLISHER_EXISTS: 409,
  TRUSTED_PUBLISHER_LIMIT: 409,
  TRUSTED_PUBLISHING_REQUIRED: 403,
  NO_CURRENT_TOKEN: 409,
  HOST_UNKNOWN: 421,
  BODY_TOO_LARGE: 413,
  RANGE_UNSATISFIABLE: 416,
  UNSUPPORTED_MEDIA_TYPE: 415,
  SLOW_DOWN: 429,
  TOO_MANY_ATTEMPTS: 429,
  HEADERS_TOO_LARGE: 431,
  INTERNAL: 500,
  STORAGE_FULL: 507,
  BUSY: 503,
  REGISTRY_BEHIND: 503,
  OUTCOME_UNKNOWN: 503,
}

describe('the body of an error', () => {
  it('problem body: follows RFC 9457 and has the envelope that the original client reads', () => {
    const details = [{field: 'name', message: 'must not be empty', code: 'LABEL'}, {message: 'and so on'}]
    assert.deepEqual(problemBody('LABEL_TAKEN', 'r-1', 'Another token is called `ci`.', details), {
      type: 'urn:apkg:problem:label-taken',
      title: 'The label is already in use',
      status: 409,
      detail: 'Another token is called `ci`.',
      error: {code: 'LABEL_TAKEN', message: 'Another token is called `ci`.', details, requestId: 'r-1'},
    })
  })

  it('problem body: uses the title as the message and an empty list of details by default', () => {
    assert.deepEqual(problemBody('BUSY', 'r-2'), {
      type: 'urn:apkg:problem:busy',
      title: 'The registry is busy',
      status: 503,
      detail: 'The registry is busy',
      error: {code: 'BUSY', message: 'The registry is busy', details: [], requestId: 'r-2'},
    })
  })

  it('problem body: has a type in lowercase with hyphens', () => {
    assert.equal(problemBody('MFA_CHALLENGE_EXPIRED', 'r-4').type, 'urn:apkg:problem:mfa-challenge-expired')
  })

  it('problem body: has the status that each code has always had', () => {
    assert.deepEqual(Object.fromEntries(Object.entries(problems).map(([code, {status}]) => [code, status])), statuses)
  })

  for (const code of Object.keys(problems) as ProblemCode[]) {
    it(`problem body: is valid against the client's schema (${code})`, () => {
      const body: unknown = JSON.parse(JSON.stringify(problemBody(code, 'r-3')))
      assert.deepEqual([...Value.Errors(ProblemResponse, body)], [])
      assert.equal(Value.Check(Type.Object({title: Type.String({minLength: 1})}), body), true)
    })
  }
})
