import type {SignatureReport} from '../../trust/signatures/signature-report.js'
import {installResult, type InstallResult} from './install-result.js'
import type {Update, UpdateReport} from './update-packages.js'

/** The outcome of an update. Without an installation, as with `--dry-run`, its fields are absent. */
export interface UpdateResult extends Partial<Omit<InstallResult, 'registry' | 'added' | 'signatures'>> {
  /** URL of the registry. */
  registry: string
  /** Whether this was a dry run, which changes nothing. */
  dryRun: boolean
  /** Packages whose version or range changes. */
  updates: Update[]
  signatures: SignatureReport
}

export function updateResult({registry, updates, signatures, installation}: UpdateReport): UpdateResult {
  return {registry, dryRun: !installation, updates, signatures, ...(installation && installResult(installation))}
}
