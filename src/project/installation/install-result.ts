import type {SignatureReport} from '../../trust/signatures/signature-report.js'
import type {AddedPackage, AddReport} from './add-packages.js'
import type {InstallReport} from './install-graph.js'
import type {PackageId} from './ledger.js'
import type {LinkedPackage} from './linked-packages.js'

/** What an installation did, as `--json` shows it. */
export interface InstallResult {
  registry: string
  /** Only where packages were named. */
  added?: AddedPackage[]
  installed: (PackageId & {integrity: string; signer: string | null})[]
  removed: PackageId[]
  unchanged: number
  signatures: SignatureReport
  /** What was not installed, since it is linked; only where something is. */
  linked?: LinkedPackage[]
}

export function installResult(report: InstallReport | AddReport): InstallResult {
  const {registry, installed, removed, unchanged, signatures, linked} = report
  return {
    registry,
    ...('added' in report && {added: report.added}),
    installed: installed.map(({name, version, integrity, signer = null}) => ({name, version, integrity, signer})),
    removed,
    unchanged,
    signatures,
    ...(linked.length > 0 && {linked}),
  }
}
