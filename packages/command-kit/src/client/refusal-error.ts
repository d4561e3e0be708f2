import type {ApkgError} from '../errors/apkg-error.js'
import {failure} from '../errors/define-failures.js'
import type {RegistryRefusal} from './registry-refusal.js'

/** The next steps after a refused request; undefined if the failure's own hints are enough. */
export type HintsFor = (refusal: RegistryRefusal, source: string | undefined) => Promise<string[] | undefined>

/** What was requested, and with which credential. Only refusals that can be about the credential (401, 403) mention it. */
interface RequestFacts {
  purpose: string
  registry: string
  /** Where the credential came from. */
  source: string | undefined
}

/**
 * The error for a refused request, with the refusal as its cause: `REJECTED` (401), `REFUSED` (402, 403, 409),
 * `RATE_LIMITED` (429), `SERVER_FAILED` (5xx), `REQUEST_FAILED` (any other).
 */
export async function refusalError(
  refusal: RegistryRefusal,
  request: RequestFacts,
  hintsFor: HintsFor,
): Promise<ApkgError> {
  const {status, reason, retryAfter} = refusal
  const isAboutCredential = status === 401 || status === 403
  const facts = {...request, reason, source: isAboutCredential ? request.source : undefined}
  const because = {cause: refusal}
  if ([401, 402, 403, 409].includes(status)) {
    const suggestions = await hintsFor(refusal, request.source)
    const withHints = {...facts, ...(suggestions && {suggestions})}
    return failure(status === 401 ? 'REJECTED' : 'REFUSED', withHints, because)
  }
  if (status === 429) return failure('RATE_LIMITED', {...facts, retryAfter}, because)
  if (status >= 500) return failure('SERVER_FAILED', facts, because)
  return failure('REQUEST_FAILED', facts, because)
}
