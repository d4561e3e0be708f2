import type {ApkgError} from '@apkg/command-kit'

import type {FileDifference} from './compare-files.js'

/** The outcome for one locked package. `unchecked` means that it could not be checked, for example offline. */
export interface PackageVerification {
  /** The package's name. */
  package: string
  version: string
  signature: SignatureState
  /** ID of the key that signed it; null if no signature was verified. */
  signer: string | null
  /** Whether the tarball, from the cache or else from the registry, matches the lockfile. */
  integrity: 'ok' | 'mismatch' | 'unchecked'
  /** Whether the installed files match the tarball. */
  installed: 'ok' | 'changed' | 'missing' | 'linked' | 'unchecked'
  /** The installed files that differ from the tarball. */
  files: FileDifference[]
  /** `present` if the version has provenance that was not verified. */
  provenance: 'verified' | 'present' | 'none' | 'unchecked'
  /** The builder that verified provenance names; otherwise null. */
  builder: string | null
  problems: Problem[]
}

/** Whether the author's and the registry's signatures are valid. */
export type SignatureState = 'verified' | 'unsigned' | 'invalid' | 'unchecked'

/** Why a check failed or could not be made. */
export interface Problem {
  /** An error code, as in `error.code`. */
  code: string
  message: string
}

export function problemOf({code, message}: ApkgError): Problem {
  return {code, message}
}

/** The outcome for every locked package. */
export interface Verification {
  /** URL of the registry. */
  registry: string
  packages: PackageVerification[]
  summary: VerificationSummary
  /** Names of packages in `apkg_packages` that the lockfile does not have. */
  unlocked: string[]
}

/** Number of packages in total, and of those that passed each check. */
export interface VerificationSummary {
  total: number
  signed: number
  integrityOk: number
  filesOk: number
  withProvenance: number
}

/** Whether a package is signed, intact and installed unchanged. */
export function isVerified({signature, integrity, installed}: PackageVerification): boolean {
  return signature === 'verified' && integrity === 'ok' && installed === 'ok'
}

/** Whether a check found a problem. Unsigned, missing and unchecked packages are not problems. */
export function hasProblem({signature, integrity, installed, problems}: PackageVerification): boolean {
  const isAltered = signature === 'invalid' || integrity === 'mismatch' || installed === 'changed'
  return isAltered || problems.some(({code}) => code !== 'OFFLINE')
}

export function summaryOf(packages: readonly PackageVerification[]): VerificationSummary {
  const count = (holds: (each: PackageVerification) => boolean) => packages.filter(holds).length
  return {
    total: packages.length,
    signed: count(({signature}) => signature === 'verified'),
    integrityOk: count(({integrity}) => integrity === 'ok'),
    filesOk: count(({installed}) => installed === 'ok'),
    withProvenance: count(({provenance}) => provenance === 'verified'),
  }
}
