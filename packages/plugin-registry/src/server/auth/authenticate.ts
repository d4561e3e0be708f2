import {inspectTokenValue} from '@apkg/wire'
import type {EndpointName} from '@apkg/wire/protocol'

import {Refusal} from '../http/refusal.js'
import type {Client} from './actor.js'
import {expiryPeriod} from './expiring-tokens.js'
import type {CredentialGuard} from './credential-guard.js'
import {hashSecret} from './credential-values.js'
import type {Credential, RegistryStore, Visibility} from '../store/store.js'
import {unenforceable} from '../store/token-restrictions.js'

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

/** A credential, and what it was sent for. */
export interface SentCredential {
  value: string
  client: Client
  /** The name of the endpoint. */
  action: EndpointName
  /** A valid name. Undefined if the request is not about a package. */
  packageName: string | undefined
}

/** A valid credential, and whether the package that the request is about exists. */
export interface Authenticated {
  credential: Credential
  visibility: Visibility | undefined
}

/**
 * Finds the credential with a value, and records its use. Credentials are never cached, so a revoked one fails from the next
 * request on.
 *
 * @throws Refusal CREDENTIAL_UNKNOWN, CREDENTIAL_REVOKED, CREDENTIAL_EXPIRED, CREDENTIAL_ROTATED, CREDENTIAL_SUSPENDED,
 *   CREDENTIAL_UNENFORCEABLE, USER_DISABLED;
 *   TOO_MANY_ATTEMPTS instead of any of these if the client has sent too many of them
 * @throws UseNotRecorded
 */
export async function authenticate(
  store: RegistryStore,
  guard: CredentialGuard,
  request: SentCredential,
  now: number,
): Promise<Authenticated> {
  const authenticated = await findValid(store, guard, request, now)
  const {client, action, packageName = null} = request
  const details = {...client, action, package: packageName}
  const use = await store.credentials.recordUse(authenticated.credential, details, now)
  // If it became invalid in the meantime, it is refused now.
  return use === 'ended' ? authenticate(store, guard, request, now) : authenticated
}

async function findValid(
  store: RegistryStore,
  guard: CredentialGuard,
  sent: SentCredential,
  now: number,
): Promise<Authenticated> {
  const {client} = sent
  const {credential, visibility} = await find(store, sent, now)
  if (!credential) throw await guard.refuse(new Refusal('CREDENTIAL_UNKNOWN'), undefined, client, now)
  const refusal = refusalOf(credential, now)
  if (refusal) throw await guard.refuse(refusal, credential, client, now)
  return {credential, visibility}
}

async function find({credentials}: RegistryStore, {value, action, packageName}: SentCredential, now: number) {
  const inspected = inspectTokenValue(value)
  if (inspected.state !== 'intact' || inspected.kind === 'refresh')
    return {credential: undefined, visibility: undefined}
  const hash = hashSecret(value)
  if (packageName !== undefined) return credentials.findFor(packageName, inspected.kind, hash)
  const expiring = action === 'whoami' ? expiryPeriod(now) : undefined
  return {credential: await credentials.find(inspected.kind, hash, expiring), visibility: undefined}
}

/** Why a credential is refused; undefined if it is valid. */
function refusalOf(credential: Credential, now: number): Refusal | undefined {
  const subject = credential.kind === 'token' ? `The token "${credential.label}"` : 'The session'
  if (credential.revokedAt !== null) {
    const message = `${subject} was revoked at ${new Date(credential.revokedAt).toISOString()}`
    return new Refusal('CREDENTIAL_REVOKED', {message})
  }
  if (credential.owner.disabledAt !== null) return new Refusal('USER_DISABLED')
  if (credential.kind === 'token' && credential.retiresAt !== null && credential.retiresAt <= now) {
    const ended = new Date(credential.retiresAt).toISOString()
    const message = `${subject} was rotated, and this value of it stopped working at ${ended}. Use its new value`
    return new Refusal('CREDENTIAL_ROTATED', {message})
  }
  if (credential.expiresAt !== null && credential.expiresAt <= now) {
    const message = `${subject} expired at ${new Date(credential.expiresAt).toISOString()}`
    return new Refusal('CREDENTIAL_EXPIRED', {message})
  }
  if (credential.kind === 'token' && unenforceable(credential.restrictions).length > 0) {
    const names = unenforceable(credential.restrictions).join(', ')
    const message = `${subject} has a restriction that this version of the registry cannot enforce: ${names}`
    return new Refusal('CREDENTIAL_UNENFORCEABLE', {message})
  }
  if (credential.kind === 'token' && credential.suspendedAt !== null) {
    const message = `${subject} was suspended when the registry was restored from a backup. Ask its operator to resume it`
    return new Refusal('CREDENTIAL_SUSPENDED', {message})
  }
  return undefined
}
