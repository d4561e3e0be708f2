import type {ProblemCode} from '@apkg/wire'

import {Refusal} from '../http/refusal.js'

/** Why the store did not do what was asked of it. */
export type PackageTrouble =
  | 'package-unknown'
  | 'version-unknown'
  | 'tag-unknown'
  | 'taken-down'
  | 'retired'
  | 'exists'
  | 'visibility-fixed'
  | 'signer-unknown'
  | 'credential-ended'
  | 'forbidden'

const codes: Record<PackageTrouble, ProblemCode> = {
  'package-unknown': 'PACKAGE_UNKNOWN',
  'version-unknown': 'VERSION_UNKNOWN',
  'tag-unknown': 'DIST_TAG_UNKNOWN',
  'taken-down': 'VERSION_TAKEN_DOWN',
  retired: 'VERSION_RETIRED',
  exists: 'VERSION_EXISTS',
  'visibility-fixed': 'VISIBILITY_FIXED',
  'signer-unknown': 'SIGNER_UNKNOWN',
  'credential-ended': 'CREDENTIAL_REVOKED',
  forbidden: 'PACKAGE_FORBIDDEN',
}

/** What a request was about, as far as the refusal says it. */
export interface PackageSubject {
  name: string
  version?: string
  tag?: string
}

export function packageRefusal(trouble: PackageTrouble, subject: PackageSubject): Refusal {
  const message = messageOf(trouble, subject)
  return new Refusal(codes[trouble], message === undefined ? {} : {message})
}

/** The answer for a package that is not there, and for one that the caller may not see: nothing tells them apart. */
export function unknownPackage(): Refusal {
  return new Refusal('PACKAGE_UNKNOWN', {message: 'There is no such package, or it is private and not yours to see'})
}

/** The answer to whoever may not publish in a scope, whether or not there is such a scope or package. */
export function forbiddenScope(scope: string): Refusal {
  const message = `You may not publish in ${scope}: only its user, or the publishers of the organization, may`
  return new Refusal('PACKAGE_FORBIDDEN', {message})
}

function messageOf(trouble: PackageTrouble, {name, version = '', tag = ''}: PackageSubject): string | undefined {
  switch (trouble) {
    case 'package-unknown':
    case 'forbidden':
      return undefined
    case 'version-unknown':
      return `${name} has no version ${version}`
    case 'tag-unknown':
      return `${name} has no dist-tag \`${tag}\``
    case 'taken-down':
      return `${name}@${version} was taken down by the registry's operator`
    case 'retired':
      return `${name}@${version} was taken down by the registry's operator and does not come back; use another version`
    case 'exists':
      return `${name}@${version} exists, with other content; publish the next version`
    case 'visibility-fixed':
      return `${name} was first published with another visibility, and keeps that`
    case 'signer-unknown':
      return `${name}@${version} is not signed by an active key of yours`
    case 'credential-ended':
      return 'The credential was ended while the request was under way'
  }
}
