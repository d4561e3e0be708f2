import {packageNameProblem, scopeOf} from '@apkg/package-format'
import {coversPackage, type Grant, grantsOf} from '@apkg/wire'
import type {Access, Endpoint} from '@apkg/wire/protocol'

import type {Client} from './actor.js'
import {authenticate, readBearer} from './authenticate.js'
import type {CredentialGuard} from './credential-guard.js'
import {forbiddenScope, unknownPackage} from '../packages/package-refusals.js'
import {accessOf, canChange, canRead} from '../store/package-rights.js'
import {Refusal} from '../http/refusal.js'
import {sufficientScopes} from '../http/sufficient-scopes.js'
import type {Credential, RegistryStore, Visibility} from '../store/store.js'

/** A request, before its body is read. */
export interface AccessRequest {
  endpoint: Pick<Endpoint, 'access' | 'accessRefusal' | 'onPackage'>
  authorization: string | undefined
  client: Client
  params: {name?: string}
  /** Whether public packages can be read without a credential. */
  anonymousRead: boolean
}

/**
 * The only place that decides who may call an endpoint, and on which package.
 *
 * @returns the client's credential; undefined if the endpoint is public, or allows anonymous reading.
 * @throws UseNotRecorded
 * @throws Refusal AUTH_*, CREDENTIAL_* and TOO_MANY_ATTEMPTS without a valid credential; SCOPE_INSUFFICIENT, PACKAGE_FORBIDDEN and the
 * endpoint's own refusal if the credential does not allow the call; PACKAGE_UNKNOWN if the client cannot see the package
 */
export async function authorize(
  store: RegistryStore,
  guard: CredentialGuard,
  request: AccessRequest,
  now: number,
): Promise<Credential | undefined> {
  const {endpoint, authorization, client, params, anonymousRead} = request
  if (endpoint.access === 'public') return undefined
  const isName = packageNameProblem(params.name ?? '') === undefined
  const packageName = endpoint.onPackage && isName ? params.name : undefined
  if (endpoint.access === 'reader' && authorization === undefined && anonymousRead) {
    if (endpoint.onPackage) await assertAnonymousCanRead(store, packageName)
    return undefined
  }
  const sent = {value: readBearer(authorization), client, packageName}
  const {credential, visibility} = await authenticate(store, guard, sent, now)
  if (!canCall(credential, endpoint.access)) throw insufficientScope(credential, endpoint)
  if (!retiredAccess.has(endpoint.access)) assertNotRetired(credential)
  if (endpoint.onPackage === 'read') assertCanRead(packageName, visibility, credential)
  if (endpoint.onPackage === 'publish') assertCanChange(params.name ?? '', visibility, credential)
  return credential
}

function canCall(credential: Credential, access: Exclude<Access, 'public'>): boolean {
  if (credential.kind === 'session') return true
  switch (access) {
    case 'reader':
    case 'credential':
      return true
    case 'session':
      return false
    case 'read':
    case 'publish':
    case 'token:rotate':
    case 'manage-tokens':
    case 'manage-keys':
      return grantsOf(credential.scopes).has(access satisfies Grant)
  }
}

/**
 * What a value of a token still allows after it was replaced: the packages that running jobs need. A request to rotate the
 * token is answered with the end of the value.
 */
const retiredAccess: ReadonlySet<Access> = new Set(['reader', 'credential', 'read', 'publish', 'token:rotate'])

function assertNotRetired(credential: Credential): void {
  if (credential.kind === 'session' || credential.retiresAt === null) return
  const end = new Date(credential.retiresAt).toISOString()
  const message = `${describe(credential)} was rotated. Until ${end}, its old value only allows reading and changing packages`
  throw new Refusal('SCOPE_INSUFFICIENT', {message})
}

function insufficientScope(credential: Credential, {access, accessRefusal}: AccessRequest['endpoint']): Refusal {
  if (accessRefusal !== undefined) return new Refusal(accessRefusal)
  const needed = access === 'session' ? 'a session' : `a token with the scope ${sufficientScopes(access as Grant)}`
  return new Refusal('SCOPE_INSUFFICIENT', {
    message: `${describe(credential)} does not allow this: ${needed} is required`,
  })
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
    const message = `${describe(credential)} does not allow changing ${name}. It is limited to ${credential.patterns.join(', ')}`
    throw new Refusal('SCOPE_INSUFFICIENT', {message})
  }
  if (!canChange(accessOf(credential, name, visibility), name, credential)) throw forbiddenScope(scopeOf(name))
}

function describe(credential: Credential): string {
  if (credential.kind === 'session') return 'The session'
  return `The token "${credential.label}" (${credential.scopes.join(', ')})`
}
