import {packageNameProblem, scopeOf} from '@apkg/package-format'
import {coversPackage, type Grant, grantsOf} from '@apkg/wire'
import type {Access, Endpoint} from '@apkg/wire/protocol'

import {authenticate, readBearer} from './authenticate.js'
import {forbiddenScope, unknownPackage} from '../packages/package-refusals.js'
import {mayChange, mayRead} from '../store/package-rights.js'
import {Refusal} from '../http/refusal.js'
import type {Credential, RegistryStore, Standing} from '../store/store.js'

/** A request, before its body is read. */
export interface AccessRequest {
  endpoint: Pick<Endpoint, 'access' | 'accessRefusal' | 'onPackage'>
  authorization: string | undefined
  params: {name?: string}
  /** Whether strangers may read public packages. */
  anonymousRead: boolean
}

/**
 * The one place that decides who may call an endpoint, on which package.
 *
 * @returns the caller's credential; undefined only where the endpoint is public or for strangers to read.
 * @throws Refusal AUTH_* and CREDENTIAL_* when the caller is nobody, SCOPE_INSUFFICIENT, TOKEN_CANNOT_CREATE and
 * PACKAGE_FORBIDDEN when the caller may not, PACKAGE_UNKNOWN where there is no such package for the caller.
 */
export async function authorize(
  store: RegistryStore,
  request: AccessRequest,
  now: number,
): Promise<Credential | undefined> {
  const {endpoint, authorization, params, anonymousRead} = request
  if (endpoint.access === 'public') return undefined
  if (endpoint.access === 'reader' && authorization === undefined && anonymousRead) {
    if (endpoint.onPackage) await checkRead(store, params.name, undefined)
    return undefined
  }
  const credential = await authenticate(store, readBearer(authorization), now)
  if (!mayCall(credential, endpoint.access)) throw callRefusal(credential, endpoint)
  if (endpoint.onPackage === 'read') await checkRead(store, params.name, credential)
  if (endpoint.onPackage === 'publish') await checkChange(store, params.name, credential)
  return credential
}

function mayCall(credential: Credential, access: Exclude<Access, 'public'>): boolean {
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

function callRefusal(credential: Credential, {access, accessRefusal}: AccessRequest['endpoint']): Refusal {
  if (accessRefusal !== undefined) return new Refusal(accessRefusal)
  const need = access === 'session' ? 'a session' : `the right \`${access}\``
  return new Refusal('SCOPE_INSUFFICIENT', {message: `${describe(credential)} may not do this; it needs ${need}`})
}

const noStanding: Standing = {visibility: undefined, role: undefined}

/** A name that no package can have is unknown like any other. */
async function checkRead(store: RegistryStore, name = '', credential: Credential | undefined): Promise<void> {
  const isName = packageNameProblem(name) === undefined
  const standing = isName ? await store.packages.standing(name, credential?.owner.id) : noStanding
  if (!mayRead(standing, name, credential)) throw unknownPackage()
}

/** What is refused here depends on nothing but the caller and the name, so that it does not tell what there is. */
async function checkChange(store: RegistryStore, name = '', credential: Credential): Promise<void> {
  const problem = packageNameProblem(name)
  if (problem !== undefined) throw new Refusal('VALIDATION', {details: [{field: 'name', message: problem}]})
  if (credential.kind === 'token' && !coversPackage(credential.patterns, name)) {
    const message = `${describe(credential)} may not change ${name}; it is for ${credential.patterns.join(', ')}`
    throw new Refusal('SCOPE_INSUFFICIENT', {message})
  }
  const standing = await store.packages.standing(name, credential.owner.id)
  if (!mayChange(standing, name, credential)) throw forbiddenScope(scopeOf(name))
}

function describe(credential: Credential): string {
  if (credential.kind === 'session') return 'The session'
  return `The token "${credential.label}" (${credential.scopes.join(', ')})`
}
