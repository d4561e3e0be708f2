import {packageNameProblem, scopeOf} from '@apkg/package-format'
import {coversPackage, type Grant, grantsOf} from '@apkg/wire'
import type {Access, Endpoint} from '@apkg/wire/protocol'

import type {Client} from './actor.js'
import {authenticate, readBearer} from './authenticate.js'
import type {CredentialGuard} from './credential-guard.js'
import {forbiddenScope, unknownPackage} from '../packages/package-refusals.js'
import {canChange, canRead} from '../store/package-rights.js'
import {Refusal} from '../http/refusal.js'
import {sufficientScopes} from '../http/sufficient-scopes.js'
import type {Credential, RegistryStore, PackageAccess} from '../store/store.js'

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
  if (endpoint.access === 'reader' && authorization === undefined && anonymousRead) {
    if (endpoint.onPackage) await assertCanRead(store, params.name, undefined)
    return undefined
  }
  const credential = await authenticate(store, guard, {value: readBearer(authorization), client}, now)
  if (!canCall(credential, endpoint.access)) throw insufficientScope(credential, endpoint)
  if (endpoint.onPackage === 'read') await assertCanRead(store, params.name, credential)
  if (endpoint.onPackage === 'publish') await assertCanChange(store, params.name, credential)
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
    case 'manage-tokens':
    case 'manage-keys':
      return grantsOf(credential.scopes).has(access satisfies Grant)
  }
}

function insufficientScope(credential: Credential, {access, accessRefusal}: AccessRequest['endpoint']): Refusal {
  if (accessRefusal !== undefined) return new Refusal(accessRefusal)
  const needed = access === 'session' ? 'a session' : `a token with the scope ${sufficientScopes(access as Grant)}`
  return new Refusal('SCOPE_INSUFFICIENT', {
    message: `${describe(credential)} does not allow this: ${needed} is required`,
  })
}

const noAccess: PackageAccess = {visibility: undefined, role: undefined}

/** An invalid name is treated as an unknown one. */
async function assertCanRead(store: RegistryStore, name = '', credential: Credential | undefined): Promise<void> {
  const isName = packageNameProblem(name) === undefined
  const access = isName ? await store.packages.access(name, credential?.owner.id) : noAccess
  if (!canRead(access, name, credential)) throw unknownPackage()
}

/** A refusal depends only on the client and the name, so it does not reveal which packages exist. */
async function assertCanChange(store: RegistryStore, name = '', credential: Credential): Promise<void> {
  const problem = packageNameProblem(name)
  if (problem !== undefined) throw new Refusal('VALIDATION', {details: [{field: 'name', message: problem}]})
  if (credential.kind === 'token' && !coversPackage(credential.patterns, name)) {
    const message = `${describe(credential)} does not allow changing ${name}. It is limited to ${credential.patterns.join(', ')}`
    throw new Refusal('SCOPE_INSUFFICIENT', {message})
  }
  const access = await store.packages.access(name, credential.owner.id)
  if (!canChange(access, name, credential)) throw forbiddenScope(scopeOf(name))
}

function describe(credential: Credential): string {
  if (credential.kind === 'session') return 'The session'
  return `The token "${credential.label}" (${credential.scopes.join(', ')})`
}
