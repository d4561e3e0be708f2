import type {ProblemCode} from '@apkg/wire'

import {Refusal} from '../http/refusal.js'

/** Why the store did not do with a key what was asked of it. */
export type KeyTrouble = 'unknown' | 'not-active' | 'taken' | 'limit-reached' | 'credential-ended'

const refusals: Record<KeyTrouble, [code: ProblemCode, message?: string]> = {
  unknown: ['KEY_UNKNOWN'],
  'not-active': ['KEY_NOT_ACTIVE'],
  taken: ['KEY_TAKEN', 'The key was registered before; generate another one'],
  'limit-reached': ['KEY_LIMIT', 'The account holds as many active signing keys as it may; revoke some first'],
  'credential-ended': ['CREDENTIAL_REVOKED', 'The credential was ended while the request was under way'],
}

export function keyRefusal(trouble: KeyTrouble): Refusal {
  const [code, message] = refusals[trouble]
  return new Refusal(code, message === undefined ? {} : {message})
}
