import type {Right} from '@apkg/wire'

import {Refusal} from '../http/refusal.js'
import {sufficientScopes} from '../http/sufficient-scopes.js'
import type {Credential, ExchangedToken} from '../store/store.js'

/** The refusal of a valid credential that has none of the rights that a request requires. */
export function missingRight(credential: Credential, rights: readonly Right[], doing = 'this'): Refusal {
  if (credential.kind === 'exchanged') return notAllowed(credential, publisherLimit(credential, rights), doing)
  return notAllowed(credential, `a token with the scope ${sufficientScopes(rights)} is required`, doing)
}

function publisherLimit({publisher}: ExchangedToken, rights: readonly Right[]): string {
  return rights.includes('publish:new')
    ? `only a trusted publisher of @${publisher.scope}/* can publish new packages`
    : 'a trusted publisher can only publish and tag packages'
}

/** @param needed completes "this is not allowed: …" */
export function notAllowed(credential: Credential, needed: string, doing = 'this'): Refusal {
  return new Refusal('SCOPE_INSUFFICIENT', {message: notAllowedMessage(credential, needed, doing)})
}

export function notAllowedMessage(credential: Credential, needed: string, doing = 'this'): string {
  return `${describeCredential(credential)} does not allow ${doing}: ${needed}`
}

export function describeCredential(credential: Credential): string {
  if (credential.kind === 'session') return 'The session'
  if (credential.kind === 'exchanged') return `The token of ${credential.publisher.name}`
  return `The token "${credential.label}" (${credential.scopes.join(', ')})`
}
