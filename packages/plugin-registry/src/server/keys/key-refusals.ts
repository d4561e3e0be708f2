import type {ProblemCode} from '@apkg/wire'

import {Refusal} from '../http/refusal.js'

/** Why the store did not change a key. */
export type KeyProblem = 'unknown' | 'not-active' | 'taken' | 'limit-reached' | 'credential-ended'

const refusals: Record<KeyProblem, [code: ProblemCode, message?: string]> = {
  unknown: ['KEY_UNKNOWN'],
  'not-active': ['KEY_NOT_ACTIVE'],
  taken: ['KEY_TAKEN'],
  'limit-reached': ['KEY_LIMIT'],
  'credential-ended': ['CREDENTIAL_REVOKED', 'The credential became invalid during the request'],
}

export function keyRefusal(problem: KeyProblem): Refusal {
  const [code, message] = refusals[problem]
  return new Refusal(code, message === undefined ? {} : {message})
}
