import type {PackageAction, PermissionCode} from '@apkg/wire'
import {endpoints, type EndpointName} from '@apkg/wire/protocol'

import {Refusal} from '../http/refusal.js'
import {packageRefusal} from '../packages/package-refusals.js'
import {isSpent} from '../store/package-rights.js'
import {availableVersion, publicationProblem, type WantedVersion} from '../store/publication-rule.js'
import type {Credential, PackageGate, PublishedPackage} from '../store/store.js'
import {callRefusals} from './call-refusals.js'
import {subjectOf} from './credential-subject.js'
import {publicationRefusal} from './publication-refusal.js'

/** What a client wants to use a credential for. */
export interface PermissionQuestion extends WantedVersion {
  action: PackageAction
  /** A valid name. */
  name: string
  /** How long the credential must remain valid, in milliseconds. */
  minTtl: number
}

/** Why a credential doesn't allow an action, and how the request itself would be refused. */
export interface Reason {
  code: PermissionCode
  refusal: Refusal
}

export interface Permission {
  reasons: Reason[]
  /** Whether publishing would create the package. False if the client must not know. */
  createsPackage: boolean
}

/**
 * Checks what a valid credential allows, with the same functions as the requests themselves. Whether the package exists
 * matters only if nothing else refuses the action, so that the response doesn't reveal packages that the client can't
 * see.
 *
 * @param found the package, with the versions that are equal to the wanted one except for build metadata
 */
export function permissionOf(
  credential: Credential,
  question: PermissionQuestion,
  found: PublishedPackage & PackageGate,
  now: number,
): Permission {
  const {name} = question
  const call = {endpoint: endpoints[endpointOf(question)], name, gate: found}
  const refusals = [...callRefusals(credential, call, now)]
  const reasons = [
    ...refusals.map(toReason),
    ...useReasons(credential, question),
    ...expiryReasons(credential, now + question.minTtl),
  ]
  if (reasons.length > 0) return {reasons, createsPackage: false}
  if (question.action === 'publish') return publicationOf(credential, question, found)
  const missing = missingReason(question, found)
  return {reasons: missing ? [missing] : [], createsPackage: false}
}

/** Returns the endpoint for the action in a question. */
function endpointOf({action, version}: PermissionQuestion): EndpointName {
  switch (action) {
    case 'publish':
      return 'publishPackage'
    case 'read':
      return version === undefined ? 'getPackage' : 'downloadTarball'
    case 'deprecate':
    case 'yank':
      return version === undefined ? 'deprecatePackage' : 'deprecateVersion'
    case 'tag':
      return 'setDistTag'
  }
}

/** A package that the client can't see is forbidden, whether or not it exists. */
function toReason(refusal: Refusal): Reason {
  if (refusal.code === 'TOKEN_SPENT') return {code: 'SPENT', refusal}
  return {code: refusal.code === 'SCOPE_INSUFFICIENT' ? 'SCOPE_INSUFFICIENT' : 'PACKAGE_FORBIDDEN', refusal}
}

/** Every change counts as a use, except that for a publication, it depends on what already exists. */
function useReasons(credential: Credential, {action}: PermissionQuestion): Reason[] {
  if (!isSpent(credential) || action === 'publish' || action === 'read') return []
  return [toReason(new Refusal('TOKEN_SPENT'))]
}

function expiryReasons(credential: Credential, until: number): Reason[] {
  const {expiresAt} = credential
  if (expiresAt === null || expiresAt > until) return []
  const message = `${subjectOf(credential)} expires at ${new Date(expiresAt).toISOString()}`
  return [{code: 'EXPIRES_SOON', refusal: new Refusal('CREDENTIAL_EXPIRED', {message})}]
}

function publicationOf(credential: Credential, question: PermissionQuestion, found: PublishedPackage): Permission {
  const createsPackage = found.visibility === undefined
  const problem = publicationProblem(credential, question, found)
  if (!problem) return {reasons: [], createsPackage}
  const {name, version, sha256} = question
  const subject = {name, ...(version !== undefined && {version}), isContentUnknown: sha256 === undefined}
  const refusal = publicationRefusal(problem, credential, subject)
  return {reasons: [{code: publicationCode(problem), refusal}], createsPackage}
}

function publicationCode(problem: NonNullable<ReturnType<typeof publicationProblem>>): PermissionCode {
  switch (problem.outcome) {
    case 'right-missing':
      return problem.right === 'publish:new' ? 'WOULD_CREATE_PACKAGE' : 'SCOPE_INSUFFICIENT'
    case 'other-release':
      return 'SCOPE_INSUFFICIENT'
    case 'spent':
      return 'SPENT'
    case 'visibility-fixed':
      return 'PACKAGE_FORBIDDEN'
    case 'exists':
    case 'retired':
      return 'VERSION_EXISTS'
  }
}

/** Returns why a version can't be read or changed, although the credential allows it. */
function missingReason({action, name, version}: PermissionQuestion, found: PublishedPackage): Reason | undefined {
  if (found.visibility === undefined) return toReason(packageRefusal('package-unknown', {name}))
  if (version === undefined) return undefined
  const available = availableVersion(found.versions.find((each) => each.version === version))
  if (typeof available !== 'string') return undefined
  const problem = action === 'tag' && available === 'taken-down' ? 'retired' : available
  return toReason(packageRefusal(problem, {name, version}))
}
