import {publishedNameProblem, scopeOf} from '@apkg/package-format'
import {coversPackage} from '@apkg/wire'
import {canCall, canCallRetired, type Endpoint, rightsNeeded} from '@apkg/wire/protocol'

import {Refusal} from '../http/refusal.js'
import {forbiddenScope, packageRefusal, unknownPackage} from '../packages/package-refusals.js'
import {
  accessOf,
  allowsForRelease,
  canRead,
  isSpent,
  needsTrustedPublisher,
  ownerCanChange,
} from '../store/package-rights.js'
import type {ApiToken, Credential, PackageGate} from '../store/store.js'
import {describeCredential, missingRight, notAllowed} from './missing-right.js'
import {refuseOldLogin} from './recent-login.js'
import {type CallOnTokens, sessionRequired} from './session-required.js'

/** The facts about a call that determine who can make it. */
export interface GuardedCall extends CallOnTokens {
  endpoint: CallOnTokens['endpoint'] & Pick<Endpoint, 'onPackage' | 'confirmation' | 'anyAddress'>
  /** The package that the call is about. Empty if it isn't about one. */
  name: string
  /** Undefined if the call isn't about a package, or its name is invalid. */
  gate: PackageGate | undefined
}

/**
 * Yields why a valid credential doesn't allow a call. The first refusal is the response to the call. A package that
 * doesn't exist gets the same refusals as one that the credential can't see.
 */
export function* callRefusals(credential: Credential, call: GuardedCall, now: number): Generator<Refusal> {
  const {endpoint} = call
  const needsSession = sessionRequired(credential, call)
  if (needsSession) yield needsSession
  else if (endpoint.access === 'operator' && !canCall(credential, 'operator')) yield new Refusal('OPERATOR_REQUIRED')
  else if (!canCall(credential, endpoint.access)) yield missingRight(credential, rightsNeeded(endpoint.access))
  if (isSpent(credential) && !canCallSpent(endpoint)) yield new Refusal('TOKEN_SPENT')
  if (!canCallRetired(endpoint.access) && isRetired(credential)) yield retired(credential)
  const old = endpoint.confirmation && credential.kind === 'session' ? refuseOldLogin(credential, now) : undefined
  if (old) yield old
  if (endpoint.onPackage === 'read' && !isReadable(credential, call)) yield unknownPackage()
  if (endpoint.onPackage === 'change') yield* changeRefusals(credential, call)
}

/**
 * Whether a token without uses left can make the call. For changes, the transaction checks it, because some aren't
 * counted.
 */
function canCallSpent({access, onPackage}: GuardedCall['endpoint']): boolean {
  return access === 'credential' || onPackage === 'change'
}

function isReadable(credential: Credential, {name, gate}: GuardedCall): boolean {
  return gate !== undefined && canRead(accessOf(credential, name, gate), name, credential)
}

function isRetired(credential: Credential): credential is ApiToken & {retiresAt: number} {
  return credential.kind === 'token' && credential.retiresAt !== null
}

function retired(credential: ApiToken & {retiresAt: number}): Refusal {
  const end = new Date(credential.retiresAt).toISOString()
  const message = `${describeCredential(credential)} was rotated. Until ${end}, its old value only allows reading and changing packages. Use its new value`
  return new Refusal('VALUE_ROTATED', {message})
}

/** These refusals depend only on the client and the name, so they don't reveal which packages exist. */
function* changeRefusals(credential: Credential, {endpoint, name, gate}: GuardedCall): Generator<Refusal> {
  const problem = publishedNameProblem(name)
  if (problem !== undefined) {
    yield new Refusal('VALIDATION', {details: [{field: 'name', message: problem}]})
    return
  }
  if (credential.kind !== 'session' && !coversPackage(credential.patterns, name)) {
    const packages = credential.patterns.join(', ')
    const message = `${describeCredential(credential)} does not allow changing ${name}. It is limited to ${packages}`
    yield new Refusal('SCOPE_INSUFFICIENT', {message, details: [{code: 'token-packages', message: packages}]})
  }
  if (canCall(credential, endpoint.access) && !allowsForRelease(credential, rightsNeeded(endpoint.access))) {
    yield notAllowed(credential, 'it can only publish the release that it is limited to')
  }
  const access = accessOf(credential, name, gate ?? {visibility: undefined, requiresTrustedPublisher: false})
  if (!ownerCanChange(access)) yield forbiddenScope(scopeOf(name))
  else if (needsTrustedPublisher(access, credential)) yield packageRefusal('publisher-required', {name})
}
