import type {ApkgError} from '@apkg/command-kit'

import type {FileDifference} from './compare-files.js'

/** What was found of a locked package. `unchecked` is what could not be looked at, as while offline. */
export interface PackageVerification {
  package: string
  version: string
  /** Whether the author's and the registry's signatures hold; `invalid` where one is there and does not. */
  signature: SignatureState
  /** The id of the key that signed it; null where no signature was verified. */
  signer: string | null
  /** Whether the tarball, of the cache or else of the registry, is what the lockfile says. */
  integrity: 'ok' | 'mismatch' | 'unchecked'
  /** Whether the installed files are those of the tarball; `missing` where nothing is installed. */
  installed: 'ok' | 'changed' | 'missing' | 'linked' | 'unchecked'
  files: FileDifference[]
  provenance: 'verified' | 'present' | 'none' | 'unchecked'
  /** Who built it, where the provenance is verified and says so; else null. */
  builder: string | null
  problems: Problem[]
}

export type SignatureState = 'verified' | 'unsigned' | 'invalid' | 'unchecked'

/** Why something does not hold, or could not be checked: the code and the sentence of a failure. */
export interface Problem {
  code: string
  message: string
}

export function problemOf({code, message}: ApkgError): Problem {
  return {code, message}
}

/** The `--json` of `verify`. */
export interface Verification {
  registry: string
  packages: PackageVerification[]
  summary: {total: number; signed: number; integrityOk: number; filesOk: number; withProvenance: number}
  /** Names of what lies among the packages and is not locked. */
  unlocked: string[]
}

/** Whether all that can vouch for a package does. */
export function isVerified({signature, integrity, installed}: PackageVerification): boolean {
  return signature === 'verified' && integrity === 'ok' && installed === 'ok'
}

/** Whether something is not as it should be, other than not being signed, installed or at hand. */
export function isWrong({signature, integrity, installed, problems}: PackageVerification): boolean {
  const isAltered = signature === 'invalid' || integrity === 'mismatch' || installed === 'changed'
  return isAltered || problems.some(({code}) => code !== 'OFFLINE')
}

export function summaryOf(packages: readonly PackageVerification[]): Verification['summary'] {
  const count = (holds: (each: PackageVerification) => boolean) => packages.filter(holds).length
  return {
    total: packages.length,
    signed: count(({signature}) => signature === 'verified'),
    integrityOk: count(({integrity}) => integrity === 'ok'),
    filesOk: count(({installed}) => installed === 'ok'),
    withProvenance: count(({provenance}) => provenance === 'verified'),
  }
}
