import type {Right} from '@apkg/wire'

import {Refusal} from '../http/refusal.js'
import {sufficientScopes} from '../http/sufficient-scopes.js'
import type {Credential} from '../store/store.js'

/** The refusal of a valid credential that has none of the rights that the request needs. */
export function missingRight(credential: Credential, rights: readonly Right[], doing = 'this'): Refusal {
  return notAllowed(credential, `a token with the scope ${sufficientScopes(rights)} is required`, doing)
}

/** @param needed completes "this is not allowed: …". */
export function notAllowed(credential: Credential, needed: string, doing = 'this'): Refusal {
  return new Refusal('SCOPE_INSUFFICIENT', {
    message: `${describeCredential(credential)} does not allow ${doing}: ${needed}`,
  })
}

export function describeCredential(credential: Credential): string {
  if (credential.kind === 'session') return 'The session'
  return `The token "${credential.label}" (${credential.scopes.join(', ')})`
}
