import {rightsOf} from '@apkg/wire'

import type {Credential} from '../store/store.js'

/** Tells the client when its credential expires and, of a token that does, what is needed for a warning. */
export function credentialHeaders(credential: Credential): Record<string, string> {
  if (credential.expiresAt === null) return {'apkg-credential-expires': 'never'}
  const expires = new Date(credential.expiresAt).toISOString()
  if (credential.kind === 'session') return {'apkg-credential-expires': expires}
  const {id, label, createdAt, scopes, retiresAt} = credential
  const token = new URLSearchParams({id, label, created: new Date(createdAt).toISOString()})
  if (retiresAt === null && rightsOf(scopes).has('token:rotate')) token.set('rotates', 'true')
  return {'apkg-credential-expires': expires, 'apkg-credential': token.toString()}
}
