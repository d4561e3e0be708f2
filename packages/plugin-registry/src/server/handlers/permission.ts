import {distTagProblem, parseIntegrity} from '@apkg/package-format'
import type {PermissionRequest} from '@apkg/wire/protocol'

import {addressRefusal} from '../auth/address-restriction.js'
import {permissionOf, type PermissionQuestion} from '../auth/permission.js'
import {Refusal} from '../http/refusal.js'
import {releaseOf} from '../store/package-rights.js'
import type {Credential} from '../store/store.js'
import type {Handler} from './handler.js'

export const can: Handler<'can'> = async ({body, credential, client, now}, {store, addresses}) => {
  const question = completed(questionOf(body), credential)
  const elsewhere = addressRefusal(credential, addresses.of(client.address))
  if (elsewhere) {
    const {code, message} = elsewhere
    const reasons = [{code: 'ADDRESS_REFUSED', message, problem: code}] as const
    return {allowed: false, reasons: [...reasons], createsPackage: false, expiresAt: null}
  }
  const found = await store.packages.published(question.name, question.version)
  const {reasons, createsPackage} = permissionOf(credential, question, found, now.getTime())
  return {
    allowed: reasons.length === 0,
    reasons: reasons.map(({code, refusal: {code: problem, message, details}}) => ({
      ...{code, message, problem},
      ...(details.length > 0 && {details}),
    })),
    createsPackage,
    expiresAt: credential.expiresAt === null ? null : new Date(credential.expiresAt).toISOString(),
  }
}

/** @throws {Refusal} VALIDATION for everything that publishing refuses as invalid */
function questionOf(body: PermissionRequest): PermissionQuestion {
  const {action, package: name, version, integrity, tag, visibility, provenance, minTtl = 0} = body
  const sha256 = integrity === undefined ? undefined : parseIntegrity(integrity)
  if (integrity !== undefined && sha256 === undefined) {
    throw invalid('integrity', 'must be `sha256-` followed by a SHA-256 hash in base64')
  }
  const tagProblem = tag === undefined ? undefined : distTagProblem(tag)
  if (tagProblem !== undefined) throw invalid('tag', tagProblem)
  return {action, name, version, sha256, tag, visibility, provenance, minTtl: minTtl * 1000}
}

/** A question without bytes is about those that the token is limited to. */
function completed(question: PermissionQuestion, credential: Credential): PermissionQuestion {
  const release = releaseOf(credential)
  if (release === null || question.sha256 !== undefined) return question
  const {version = release.version, tag = release.tag === 'latest' ? undefined : release.tag} = question
  return {...question, version, sha256: release.sha256, tag}
}

function invalid(field: string, message: string): Refusal {
  return new Refusal('VALIDATION', {details: [{field, message}]})
}
