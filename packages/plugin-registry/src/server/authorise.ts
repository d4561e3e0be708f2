import {type Grant, grantsOf} from '@apkg/wire'
import type {Access, EndpointName} from '@apkg/wire/protocol'

import {authenticate, readBearer} from './authenticate.js'
import {Refusal} from './refusal.js'
import type {Credential, RegistryStore} from './store/store.js'

/**
 * The one place that decides who may call an endpoint.
 *
 * @returns the caller's credential; undefined only where the endpoint is public.
 * @throws Refusal AUTH_* and CREDENTIAL_* when the caller is nobody, SCOPE_INSUFFICIENT and TOKEN_CANNOT_CREATE when the
 * caller may not.
 */
export async function authorise(
  store: RegistryStore,
  endpoint: {name: EndpointName; access: Access},
  authorization: string | undefined,
  now: number,
): Promise<Credential | undefined> {
  if (endpoint.access === 'public') return undefined
  const credential = await authenticate(store, readBearer(authorization), now)
  if (mayCall(credential, endpoint.access)) return credential
  if (endpoint.name === 'createToken') {
    throw new Refusal('TOKEN_CANNOT_CREATE', {
      message: 'A token cannot create tokens; a session can: unset APKG_TOKEN and run `apkg login`',
    })
  }
  throw new Refusal('SCOPE_INSUFFICIENT', {message: refusalText(credential, endpoint.access)})
}

function mayCall(credential: Credential, access: Exclude<Access, 'public'>): boolean {
  if (credential.kind === 'session') return true
  switch (access) {
    case 'credential':
      return true
    case 'session':
      return false
    case 'read':
    case 'publish':
    case 'manage-tokens':
    case 'manage-keys':
      return grantsOf(credential.scopes).has(access satisfies Grant)
  }
}

function refusalText(credential: Credential, access: Access): string {
  const held = credential.kind === 'token' ? `The token "${credential.label}" (${credential.scopes.join(', ')})` : 'It'
  return `${held} may not do this; it needs ${access === 'session' ? 'a session' : `the right \`${access}\``}`
}
