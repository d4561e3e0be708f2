import type {ProblemCode} from '@apkg/wire'

import {scopeOf} from '@apkg/package-format'

import {Refusal} from '../http/refusal.js'

/** Why the store did not change a package. */
export type PackageProblem =
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
  | 'spent'
  | 'publisher-required'

const codes: Record<PackageProblem, ProblemCode> = {
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
  spent: 'TOKEN_SPENT',
  'publisher-required': 'TRUSTED_PUBLISHING_REQUIRED',
}

/** The subject of a request, for the message. */
export interface PackageSubject {
  name: string
  version?: string
  tag?: string
  /** A published version that differs from `version` only in build metadata. */
  existing?: string
  /** Whether the content of the wanted version is unknown, so that it can't be compared. */
  isContentUnknown?: boolean
}

export function packageRefusal(problem: PackageProblem, subject: PackageSubject): Refusal {
  const message = messageOf(problem, subject)
  return new Refusal(codes[problem], message === undefined ? {} : {message})
}

/** The same refusal for a package that does not exist and for one that the client cannot read. */
export function unknownPackage(): Refusal {
  return new Refusal('PACKAGE_UNKNOWN', {message: 'The package does not exist, or you do not have access to it'})
}

/** The same refusal whether or not the scope and the package exist. */
export function forbiddenScope(scope: string): Refusal {
  const message = `You do not have permission to publish in ${scope}. Only its user or the publishers of its organization can`
  return new Refusal('PACKAGE_FORBIDDEN', {message})
}

function messageOf(
  problem: PackageProblem,
  {name, version = '', tag = '', existing, isContentUnknown = false}: PackageSubject,
): string | undefined {
  switch (problem) {
    case 'package-unknown':
    case 'forbidden':
    case 'spent':
      return undefined
    case 'publisher-required':
      return `${scopeOf(name)} can only be changed by its trusted publishers`
    case 'version-unknown':
      return `${name}@${version} does not exist`
    case 'tag-unknown':
      return `${name} does not have the dist-tag "${tag}"`
    case 'taken-down':
      return `${name}@${version} was taken down by the registry operator`
    case 'retired':
      return existing === undefined
        ? `${name}@${version} was taken down by the registry operator. Its version number cannot be used again`
        : `${name}@${existing} was taken down by the registry operator. ${sameVersion(version)}, so its number cannot be used again`
    case 'exists':
      if (existing !== undefined) return `${name}@${existing} already exists. ${sameVersion(version)}`
      return isContentUnknown
        ? `${name}@${version} already exists. Only the same content can be published again`
        : `${name}@${version} already exists with different content`
    case 'visibility-fixed':
      return `${name} was first published with a different visibility, which cannot be changed`
    case 'signer-unknown':
      return `${name}@${version} is not signed by one of your active keys`
    case 'credential-ended':
      return 'The credential became invalid during the request'
  }
}

function sameVersion(version: string): string {
  return `${version} differs from it only in build metadata, which makes it the same version`
}
