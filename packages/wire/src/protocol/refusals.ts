import type {ProblemCode} from '../problems.js'
import {type Access, canCallRetired, canOrganizationCall, requiresSession} from './access.js'
import type {Endpoint} from './endpoint.js'

/** Errors that any request can fail with. */
const anywhere: readonly ProblemCode[] = [
  'VALIDATION',
  'HOST_UNKNOWN',
  'REQUEST_TIMEOUT',
  'HEADERS_TOO_LARGE',
  'INTERNAL',
  'BUSY',
  'REGISTRY_BEHIND',
]

/** Of requests that change something. */
const withBody: readonly ProblemCode[] = [
  'MALFORMED_JSON',
  'BODY_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'STORAGE_FULL',
  'OUTCOME_UNKNOWN',
]

const withCredential: readonly ProblemCode[] = [
  'AUTH_MALFORMED',
  'AUTH_MISSING',
  'CREDENTIAL_UNKNOWN',
  'CREDENTIAL_EXPIRED',
  'CREDENTIAL_REVOKED',
  'CREDENTIAL_ROTATED',
  'CREDENTIAL_SUSPENDED',
  'CREDENTIAL_UNENFORCEABLE',
  'USER_DISABLED',
  'ADDRESS_REFUSED',
  'TOO_MANY_ATTEMPTS',
]

const anyCredential: readonly Access[] = ['reader', 'credential']

type EndpointRules = Pick<
  Endpoint,
  'method' | 'path' | 'access' | 'accessRefusal' | 'onPackage' | 'onTokens' | 'confirmation' | 'idempotent' | 'refusals'
>

/** The errors for a valid credential without the access. */
function accessRefusals({access, accessRefusal = 'SESSION_REQUIRED', onTokens}: EndpointRules): ProblemCode[] {
  if (access === 'public' || anyCredential.includes(access)) return []
  if (access === 'session') return [accessRefusal]
  if (access === 'operator') return [accessRefusal, 'OPERATOR_REQUIRED']
  return ['SCOPE_INSUFFICIENT', ...(onTokens || !canOrganizationCall(access) ? ['SESSION_REQUIRED' as const] : [])]
}

/** Returns every error that a call of an endpoint can fail with. */
export function refusalsOf(endpoint: EndpointRules): ProblemCode[] {
  const {method, path, access, onPackage, confirmation, refusals = []} = endpoint
  return [
    ...new Set([
      ...refusals,
      ...anywhere,
      ...(method === 'GET' ? [] : withBody),
      ...(access === 'public' ? [] : withCredential),
      ...accessRefusals(endpoint),
      ...(['public', 'credential', 'session', 'operator'].includes(access as string) ? [] : (['TOKEN_SPENT'] as const)),
      ...(confirmation ? (['STEP_UP_REQUIRED'] as const) : []),
      ...(!requiresSession(access) && !canCallRetired(access) ? (['VALUE_ROTATED'] as const) : []),
      ...(endpoint.idempotent ? (['IDEMPOTENCY_KEY_REUSED', 'ALREADY_DONE'] as const) : []),
      ...(onPackage === 'read' ? (['PACKAGE_UNKNOWN'] as const) : []),
      ...(onPackage === 'change'
        ? (['SCOPE_INSUFFICIENT', 'PACKAGE_FORBIDDEN', 'TRUSTED_PUBLISHING_REQUIRED'] as const)
        : []),
      // Routes don't match segments that are longer than any name.
      ...(path.includes('{') ? (['NOT_FOUND'] as const) : []),
    ]),
  ]
}
