import {rightsOf} from '@apkg/wire'

import type {Credential} from '../store/store.js'

/** Headers with the expiry of the credential and, for a token that expires, what a client needs to warn about it. */
export function credentialHeaders(credential: Credential): Record<string, string> {
  if (credential.expiresAt === null) return {'apkg-credential-expires': 'never'}
  const expires = new Date(credential.expiresAt).toISOString()
  if (credential.kind === 'session') return {'apkg-credential-expires': expires}
  // An exchanged token can't be renewed, so a warning wouldn't help.
  if (credential.kind === 'exchanged') return {'apkg-credential-expires': expires}
  const {id, label, createdAt, scopes, retiresAt, owner} = credential
  const token = new URLSearchParams({id, label, created: new Date(createdAt).toISOString()})
  if (owner.kind === 'organization') token.set('organization', owner.name)
  if (retiresAt === null && rightsOf(scopes).has('token:rotate')) token.set('rotates', 'true')
  return {'apkg-credential-expires': expires, 'apkg-credential': token.toString()}
}
