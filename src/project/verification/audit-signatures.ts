import type {InstallContext} from '../installation/install-context.js'
import {limiter} from '../installation/limiter.js'
import type {StatusReport} from '../installation/status-report.js'
import {fetchStatus} from '../installation/version-status.js'
import type {LockedPackage} from '../../catalog/lockfile/lockfile.js'
import {lockedPackages} from './locked-packages.js'
import {signatureVerifier} from './verify-locked-signatures.js'
import type {VerificationProblem, SignatureState} from './verification.js'

/** The outcome for one locked package. */
export interface AuditedPackage {
  /** The package's name. */
  package: string
  version: string
  signature: SignatureState
  /** ID of the key that signed the package; null if no signature was verified. */
  signer: string | null
  /** Reasons why a check failed or couldn't be run. */
  problems: VerificationProblem[]
}

/** The outcome for every locked package. */
export interface SignatureAudit {
  /** URL of the registry. */
  registry: string
  /** The outcome for each package. */
  packages: AuditedPackage[]
  /** Number of packages, in total and by signature state. */
  summary: Record<SignatureState | 'total', number>
  status: StatusReport
}

/**
 * Verifies the signatures of all packages in a project's lockfile against current registry data. Tarballs and installed
 * files are not checked.
 *
 * @throws {ApkgError} the errors of `lockedPackages`, `fetchStatus` and `signatureVerifier`.
 */
export async function auditSignatures(context: InstallContext): Promise<SignatureAudit> {
  const {registries, downloads} = context
  const {registry} = registries
  const locked = await lockedPackages([], context)
  const status = await fetchStatus(locked, context)
  const signatureOf = signatureVerifier(context, status)
  const limit = limiter(downloads)
  const audit = async (each: LockedPackage): Promise<AuditedPackage> => {
    const {signature, signer, problems} = await signatureOf(each)
    return {package: each.name, version: each.version, signature, signer, problems}
  }
  const packages = await Promise.all(locked.map((each) => limit(() => audit(each))))
  const count = (state: SignatureState) => packages.filter((each) => each.signature === state).length
  return {
    registry,
    packages,
    summary: {
      total: packages.length,
      verified: count('verified'),
      unsigned: count('unsigned'),
      invalid: count('invalid'),
      unchecked: count('unchecked'),
    },
    status: status.report,
  }
}

/** Whether every signature is valid, and the registry has every locked version. */
export function isSound({packages}: SignatureAudit): boolean {
  return packages.every(
    ({signature, problems}) => signature !== 'invalid' && problems.every(({code}) => code === 'OFFLINE'),
  )
}
