import type {SignatureReport} from '../../trust/signatures/signature-report.js'
import {installResult, type InstallResult} from './install-result.js'
import type {Update, UpdateReport} from './update-packages.js'

/** What an update did, or would do, as `--json` shows it. */
export interface UpdateResult extends Partial<Omit<InstallResult, 'registry' | 'added' | 'signatures'>> {
  registry: string
  dryRun: boolean
  updates: Update[]
  signatures: SignatureReport
}

export function updateResult({registry, updates, signatures, installation}: UpdateReport): UpdateResult {
  return {registry, dryRun: !installation, updates, signatures, ...(installation && installResult(installation))}
}
