import {publishedNameProblem} from '@apkg/package-format'
import type {EndpointName} from '@apkg/wire/protocol'

import type {Client} from './actor.js'
import {authenticate, type Authenticated, readBearer} from './authenticate.js'
import {callRefusals, type GuardedCall} from './call-refusals.js'
import type {CredentialGuard} from './credential-guard.js'
import type {Refusal} from '../http/refusal.js'
import {unknownPackage} from '../packages/package-refusals.js'
import {canRead} from '../store/package-rights.js'
import type {Credential, RegistryStore} from '../store/store.js'

/** A request, before its body is read. */
export interface AccessRequest {
  /** The name of the endpoint. */
  action: EndpointName
  endpoint: GuardedCall['endpoint']
  authorization: string | undefined
  /** A browser session, which is used instead of `authorization`. */
  cookie?: string | undefined
  client: Client
  /** See `VerifiedAddresses`. */
  address: string | undefined
  params: {name?: string; id?: string}
  /** Not validated yet. */
  query: {organization?: unknown}
  /** Whether public packages can be read without a credential. */
  anonymousRead: boolean
  /** Called as soon as the credential is known to be valid, whether or not it allows the request. */
  onAuthenticated?: (credential: Credential) => void
}

/**
 * Decides who can call an endpoint, and for which package. No other code decides this.
 *
 * @returns the client's credential, or undefined if the endpoint is public or allows anonymous reading
 * @throws {UseNotRecorded} if the first use of the credential could not be recorded
 * @throws {Refusal} AUTH_*, CREDENTIAL_*, ADDRESS_REFUSED and TOO_MANY_ATTEMPTS without a valid credential;
 *   SESSION_REQUIRED, SCOPE_INSUFFICIENT, PACKAGE_FORBIDDEN and the endpoint's own refusal if the credential doesn't allow the call;
 *   STEP_UP_REQUIRED if the login is too old; PACKAGE_UNKNOWN if the client can't see the package
 */
export async function authorize(
  store: RegistryStore,
  guard: CredentialGuard,
  request: AccessRequest,
  now: number,
): Promise<Credential | undefined> {
  const {action, endpoint, authorization, cookie, client, address, params, query, anonymousRead} = request
  if (endpoint.access === 'public') return undefined
  const packageName = packageOf(endpoint, params)
  if (endpoint.access === 'reader' && (cookie ?? authorization) === undefined && anonymousRead) {
    if (endpoint.onPackage) await assertAnonymousCanRead(store, packageName)
    return undefined
  }
  const anyAddress = endpoint.anyAddress ?? false
  const value = cookie ?? readBearer(authorization)
  const sent = {value, isCookie: cookie !== undefined, client, address, anyAddress, action, packageName}
  const about = {endpoint, name: params.name ?? '', id: params.id, organization: query.organization}
  const refusalOf = ({credential, gate}: Pick<Authenticated, 'credential' | 'gate'>) =>
    callRefusals(credential, {...about, gate}, now).next().value as Refusal | undefined
  const {credential, isElsewhere, refusal} = await authenticate(store, guard, sent, refusalOf, now)
  if (!isElsewhere) request.onAuthenticated?.(credential)
  if (refusal) throw refusal
  return credential
}

/** Returns the package that a request is about. Undefined if it isn't about one, or the name is invalid. */
export function packageOf(endpoint: Pick<GuardedCall['endpoint'], 'onPackage'>, params: {name?: string}) {
  const isName = publishedNameProblem(params.name ?? '') === undefined
  return endpoint.onPackage && isName ? params.name : undefined
}

/** @param name undefined if it is invalid, which is treated as unknown */
async function assertAnonymousCanRead(store: RegistryStore, name: string | undefined): Promise<void> {
  const access = name === undefined ? undefined : await store.packages.access(name, undefined)
  if (name === undefined || !access || !canRead(access, name, undefined)) throw unknownPackage()
}
