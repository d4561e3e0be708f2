import {inspectTokenValue} from '@apkg/wire'

import {Refusal} from '../http/refusal.js'
import type {Client} from './actor.js'
import type {CredentialGuard} from './credential-guard.js'
import {hashSecret} from './credential-values.js'
import type {Credential, RegistryStore} from '../store/store.js'

/**
 * Reads the value of a bearer credential.
 *
 * @throws Refusal AUTH_MISSING without a header, AUTH_MALFORMED if it is not `Bearer <value>`
 */
export function readBearer(header: string | undefined): string {
  if (header === undefined) throw new Refusal('AUTH_MISSING')
  const value = /^Bearer +([\w\-.~+/]+=*) *$/i.exec(header)?.[1]
  if (value === undefined)
    throw new Refusal('AUTH_MALFORMED', {message: 'The Authorization header must be `Bearer <token>`'})
  return value
}

/**
 * Finds the credential with a value. Credentials are never cached, so a revoked one fails from the next request on.
 *
 * @throws Refusal CREDENTIAL_UNKNOWN, CREDENTIAL_REVOKED, CREDENTIAL_EXPIRED, CREDENTIAL_SUSPENDED, USER_DISABLED;
 *   TOO_MANY_ATTEMPTS instead of any of these if the client has sent too many of them
 */
export async function authenticate(
  store: RegistryStore,
  guard: CredentialGuard,
  {value, client}: {value: string; client: Client},
  now: number,
): Promise<Credential> {
  const credential = await findCredential(store, value)
  if (!credential) throw guard.refuse(new Refusal('CREDENTIAL_UNKNOWN'), undefined, client, now)
  const refusal = refusalOf(credential, now)
  if (refusal) throw guard.refuse(refusal, credential, client, now)
  store.credentials.recordUse(credential, now)
  return credential
}

async function findCredential({credentials}: RegistryStore, value: string): Promise<Credential | undefined> {
  const inspected = inspectTokenValue(value)
  if (inspected.state !== 'intact' || inspected.kind === 'refresh') return undefined
  return credentials.find(inspected.kind, hashSecret(value))
}

/** Why a credential is refused; undefined if it is valid. */
function refusalOf(credential: Credential, now: number): Refusal | undefined {
  const subject = credential.kind === 'token' ? `The token "${credential.label}"` : 'The session'
  if (credential.revokedAt !== null) {
    const message = `${subject} was revoked at ${new Date(credential.revokedAt).toISOString()}`
    return new Refusal('CREDENTIAL_REVOKED', {message})
  }
  if (credential.owner.disabledAt !== null) return new Refusal('USER_DISABLED')
  if (credential.expiresAt !== null && credential.expiresAt <= now) {
    const message = `${subject} expired at ${new Date(credential.expiresAt).toISOString()}`
    return new Refusal('CREDENTIAL_EXPIRED', {message})
  }
  if (credential.kind === 'token' && credential.suspendedAt !== null) {
    const message = `${subject} was suspended when the registry was restored from a backup. Ask its operator to resume it`
    return new Refusal('CREDENTIAL_SUSPENDED', {message})
  }
  return undefined
}
