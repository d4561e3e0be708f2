import type {ApkgError} from '@apkg/command-kit'

import type {VersionSource} from '../../trust/signatures/version-source.js'
import type {StatusReport} from '../installation/status-report.js'
import type {FileDifference} from './compare-files.js'

/** The outcome for one locked package. */
export interface PackageVerification {
  /** The package's name. */
  package: string
  version: string
  signature: SignatureState
  /** ID of the key that signed the package; null if no signature was verified. */
  signer: string | null
  /** Whether the tarball (from the cache or the registry) matches the lockfile. */
  integrity: 'ok' | 'mismatch' | 'unchecked'
  /** Whether the installed files match the tarball. */
  installed: 'ok' | 'modified' | 'missing' | 'linked' | 'unchecked'
  /** Installed files that differ from the tarball. */
  files: FileDifference[]
  /** `present`: the version has provenance that wasn't verified. */
  provenance: 'verified' | 'present' | 'none' | 'unchecked'
  /** The builder named in the provenance; null unless the provenance was verified. */
  builder: string | null
  /** The CI job that published the version; null if no trusted publisher did. */
  source: VersionSource | null
  /** Reasons why checks failed or couldn't be run. */
  problems: VerificationProblem[]
}

/** Whether the author's and the registry's signatures are valid. */
export type SignatureState = 'verified' | 'unsigned' | 'invalid' | 'unchecked'

/** The reason why a check failed or couldn't be run. */
export interface VerificationProblem {
  /** The error code, as in `error.code`. */
  code: string
  message: string
}

export function verificationProblem({code, message}: ApkgError): VerificationProblem {
  return {code, message}
}

/** The outcome for every locked package. */
export interface Verification {
  /** URL of the registry. */
  registry: string
  /** The outcome for each package. `unchecked` means that something couldn't be checked, for example when offline. */
  packages: PackageVerification[]
  summary: VerificationSummary
  /** Names of packages in `apkg_packages` that aren't in the lockfile. */
  unlocked: string[]
  status: StatusReport
}

/** Number of packages in total, and number of packages that passed each check. */
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
  const isAltered = signature === 'invalid' || integrity === 'mismatch' || installed === 'modified'
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
