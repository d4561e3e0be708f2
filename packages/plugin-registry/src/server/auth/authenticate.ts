import {inspectTokenValue} from '@apkg/wire'
import type {EndpointName} from '@apkg/wire/protocol'

import {Refusal} from '../http/refusal.js'
import {type Client, holderOf} from './actor.js'
import {addressRefusal} from './address-restriction.js'
import {expiryPeriod} from './expiring-tokens.js'
import type {CredentialGuard} from './credential-guard.js'
import {subjectOf} from './credential-subject.js'
import {suspended} from './suspension-refusals.js'
import {hashSecret} from './credential-values.js'
import type {ApiToken, Credential, ExchangedToken, PackageGate, RegistryStore} from '../store/store.js'
import {unenforceable} from '../store/token-restrictions.js'

/**
 * Reads the value of a bearer credential.
 *
 * @throws {Refusal} AUTH_MISSING without a header, AUTH_MALFORMED if it isn't `Bearer <value>`
 */
export function readBearer(header: string | undefined): string {
  if (header === undefined) throw new Refusal('AUTH_MISSING')
  const value = /^Bearer +([\w\-.~+/]+=*) *$/i.exec(header)?.[1]
  if (value === undefined)
    throw new Refusal('AUTH_MALFORMED', {message: 'The Authorization header must be `Bearer <token>`'})
  return value
}

/** A credential that a client sent, and what the request is about. */
export interface SentCredential {
  value: string
  /** Whether it is the value of the cookie. A cookie can only contain a browser session, and a header never contains one. */
  isCookie: boolean
  client: Client
  /** See `VerifiedAddresses`. */
  address: string | undefined
  /** Whether the endpoint accepts tokens from addresses that they don't allow. */
  anyAddress: boolean
  /** The name of the endpoint. */
  action: EndpointName
  /** A valid name. Undefined if the request isn't about a package. */
  packageName: string | undefined
}

/** A valid credential, and what determines access to the package if the request is about one. */
export interface Authenticated {
  credential: Credential
  gate: PackageGate | undefined
  /** Whether it is a token that doesn't allow the client's address. */
  isElsewhere: boolean
}

/** Returns why a valid credential doesn't allow the request. */
type RefusalOf = (found: Pick<Authenticated, 'credential' | 'gate'>) => Refusal | undefined

/**
 * Finds the credential with a value, and records its use, even if the credential doesn't allow the request. No cached
 * credential outlives a commit to the database, so the first request after a revocation fails.
 *
 * @returns the credential, with the refusal if it doesn't allow the request
 * @throws {Refusal} CREDENTIAL_UNKNOWN, CREDENTIAL_REVOKED, CREDENTIAL_EXPIRED, CREDENTIAL_ROTATED,
 *   CREDENTIAL_SUSPENDED, CREDENTIAL_UNENFORCEABLE, USER_DISABLED; ADDRESS_REFUSED; TOO_MANY_ATTEMPTS instead of any of
 *   these, except ADDRESS_REFUSED, if the client has sent too many of them
 * @throws {UseNotRecorded} if the first use of the credential could not be recorded
 */
export async function authenticate(
  store: RegistryStore,
  guard: CredentialGuard,
  request: SentCredential,
  refusalOf: RefusalOf,
  now: number,
): Promise<Authenticated & {refusal: Refusal | undefined}> {
  const found = await findValid(store, guard, request, now)
  const authenticated = {...found, refusal: refusalOf(found)}
  if (authenticated.isElsewhere) return authenticated
  const {client, action, packageName = null} = request
  const details = {...client, action, package: packageName, refused: authenticated.refusal !== undefined}
  const use = await store.credentials.recordUse(authenticated.credential, details, now)
  // If it became invalid in the meantime, it is refused now.
  return use === 'ended' ? authenticate(store, guard, request, refusalOf, now) : authenticated
}

async function findValid(
  store: RegistryStore,
  guard: CredentialGuard,
  sent: SentCredential,
  now: number,
): Promise<Authenticated> {
  const {client, address, anyAddress, action, packageName = null} = sent
  const {credential, gate} = await find(store, sent, now)
  if (!credential) throw await guard.refuse(new Refusal('CREDENTIAL_UNKNOWN'), undefined, client, now)
  const dead = {kind: credential.kind, id: credential.id, holder: holderOf(credential).name}
  const refusal = refusalOf(credential, now)
  if (refusal) throw await guard.refuse(refusal, dead, client, now)
  const elsewhere = addressRefusal(credential, address)
  if (!elsewhere) return {credential, gate, isElsewhere: false}
  guard.recordAddress(dead, client, now)
  if (!anyAddress) {
    store.credentials.recordRefusal(credential, {...client, action, package: packageName}, true, now)
    throw elsewhere
  }
  return {credential, gate, isElsewhere: true}
}

async function find({credentials}: RegistryStore, sent: SentCredential, now: number) {
  const {value, isCookie, action, packageName} = sent
  const inspected = inspectTokenValue(value)
  const unknown = {credential: undefined, gate: undefined}
  if (inspected.state !== 'intact' || inspected.kind === 'refresh') return unknown
  if (isCookie !== (inspected.kind === 'web')) return unknown
  const hash = hashSecret(value)
  const kind = inspected.kind === 'token' ? 'token' : 'session'
  if (packageName !== undefined) return credentials.findFor(packageName, kind, hash)
  const expiring = action === 'whoami' ? expiryPeriod(now) : undefined
  return {credential: await credentials.find(kind, hash, expiring), gate: undefined}
}

function isDisabled(credential: Credential): boolean {
  return (credential.kind === 'exchanged' ? credential.disabledAt : credential.owner.disabledAt) !== null
}

/** From these, clients name the token that they used. */
function named(credential: ApiToken | ExchangedToken) {
  const label = credential.kind === 'token' ? credential.label : credential.publisher.name
  return [
    {code: 'token', message: credential.id},
    {code: 'label', message: label},
  ]
}

/** Returns the refusal of a credential that isn't valid. */
export function refusalOf(credential: Credential, now: number): Refusal | undefined {
  const subject = subjectOf(credential)
  if (credential.revokedAt !== null) {
    const at = new Date(credential.revokedAt).toISOString()
    const details = credential.kind === 'session' ? [] : [{code: 'token-revoked', message: at}, ...named(credential)]
    return new Refusal('CREDENTIAL_REVOKED', {message: `${subject} was revoked at ${at}`, details})
  }
  if (isDisabled(credential)) return new Refusal('USER_DISABLED')
  if (credential.kind === 'token' && credential.retiresAt !== null && credential.retiresAt <= now) {
    const ended = new Date(credential.retiresAt).toISOString()
    const message = `${subject} was rotated, and this value stopped working at ${ended}. Use its new value`
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
  if (credential.kind === 'token' && credential.suspensions.length > 0) {
    return suspended(credential)
  }
  return undefined
}
