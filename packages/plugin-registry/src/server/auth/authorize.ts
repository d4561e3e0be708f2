import {packageNameProblem, scopeOf} from '@apkg/package-format'
import {coversPackage} from '@apkg/wire'
import {canCall, canCallRetired, type Endpoint, type EndpointName, rightsNeeded} from '@apkg/wire/protocol'

import type {Client} from './actor.js'
import {assertRecentLogin} from './recent-login.js'
import {authenticate, readBearer} from './authenticate.js'
import type {CredentialGuard} from './credential-guard.js'
import {forbiddenScope, unknownPackage} from '../packages/package-refusals.js'
import {accessOf, canRead, ownerCanChange} from '../store/package-rights.js'
import {Refusal} from '../http/refusal.js'
import {describeCredential, missingRight, notAllowed} from './missing-right.js'
import type {Credential, RegistryStore, Visibility} from '../store/store.js'

/** A request, before its body is read. */
export interface AccessRequest {
  /** The name of the endpoint. */
  action: EndpointName
  endpoint: Pick<Endpoint, 'access' | 'accessRefusal' | 'onPackage' | 'confirmation'>
  authorization: string | undefined
  client: Client
  params: {name?: string}
  /** Whether public packages can be read without a credential. */
  anonymousRead: boolean
  /** Called as soon as the credential is known to be valid, whether or not it allows the request. */
  onAuthenticated?: (credential: Credential) => void
}

/**
 * The only place that decides who may call an endpoint, and on which package.
 *
 * @returns the client's credential; undefined if the endpoint is public, or allows anonymous reading.
 * @throws UseNotRecorded
 * @throws Refusal AUTH_*, CREDENTIAL_* and TOO_MANY_ATTEMPTS without a valid credential; SCOPE_INSUFFICIENT, PACKAGE_FORBIDDEN and the
 * endpoint's own refusal if the credential does not allow the call; STEP_UP_REQUIRED if the login is too old for it; PACKAGE_UNKNOWN if the client cannot see the package
 */
export async function authorize(
  store: RegistryStore,
  guard: CredentialGuard,
  request: AccessRequest,
  now: number,
): Promise<Credential | undefined> {
  const {action, endpoint, authorization, client, params, anonymousRead} = request
  if (endpoint.access === 'public') return undefined
  const isName = packageNameProblem(params.name ?? '') === undefined
  const packageName = endpoint.onPackage && isName ? params.name : undefined
  if (endpoint.access === 'reader' && authorization === undefined && anonymousRead) {
    if (endpoint.onPackage) await assertAnonymousCanRead(store, packageName)
    return undefined
  }
  const sent = {value: readBearer(authorization), client, action, packageName}
  const {credential, visibility} = await authenticate(store, guard, sent, now)
  request.onAuthenticated?.(credential)
  if (!canCall(credential, endpoint.access)) throw insufficientScope(credential, endpoint)
  if (!canCallRetired(endpoint.access)) assertNotRetired(credential)
  if (endpoint.confirmation && credential.kind === 'session') assertRecentLogin(credential, now)
  if (endpoint.onPackage === 'read') assertCanRead(packageName, visibility, credential)
  if (endpoint.onPackage === 'change') assertCanChange(params.name ?? '', visibility, credential)
  return credential
}

function assertNotRetired(credential: Credential): void {
  if (credential.kind === 'session' || credential.retiresAt === null) return
  const end = new Date(credential.retiresAt).toISOString()
  const message = `${describeCredential(credential)} was rotated. Until ${end}, its old value only allows reading and changing packages`
  throw new Refusal('SCOPE_INSUFFICIENT', {message})
}

function insufficientScope(credential: Credential, {access, accessRefusal}: AccessRequest['endpoint']): Refusal {
  if (accessRefusal !== undefined) return new Refusal(accessRefusal)
  return access === 'session'
    ? notAllowed(credential, 'a session is required')
    : missingRight(credential, rightsNeeded(access))
}

/** @param name undefined if it is invalid, which is treated as unknown. */
async function assertAnonymousCanRead(store: RegistryStore, name: string | undefined): Promise<void> {
  const access = name === undefined ? undefined : await store.packages.access(name, undefined)
  if (name === undefined || !access || !canRead(access, name, undefined)) throw unknownPackage()
}

/** @param name undefined if it is invalid, which is treated as unknown. */
function assertCanRead(name: string | undefined, visibility: Visibility | undefined, credential: Credential): void {
  const isReadable = name !== undefined && canRead(accessOf(credential, name, visibility), name, credential)
  if (!isReadable) throw unknownPackage()
}

/** A refusal depends only on the client and the name, so it does not reveal which packages exist. */
function assertCanChange(name: string, visibility: Visibility | undefined, credential: Credential): void {
  const problem = packageNameProblem(name)
  if (problem !== undefined) throw new Refusal('VALIDATION', {details: [{field: 'name', message: problem}]})
  if (credential.kind === 'token' && !coversPackage(credential.patterns, name)) {
    const message = `${describeCredential(credential)} does not allow changing ${name}. It is limited to ${credential.patterns.join(', ')}`
    throw new Refusal('SCOPE_INSUFFICIENT', {message})
  }
  if (!ownerCanChange(accessOf(credential, name, visibility))) throw forbiddenScope(scopeOf(name))
}
