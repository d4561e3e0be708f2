import type {SignatureReport} from '../../trust/signatures/signature-report.js'
import type {AddedPackage, AddReport} from './add-packages.js'
import type {InstallReport} from './install-graph.js'
import type {PackageId} from './ledger.js'
import type {LinkedPackage} from './linked-packages.js'
import type {StatusReport} from './status-report.js'

/** The outcome of an installation. */
export interface InstallResult {
  /** URL of the registry. */
  registry: string
  /** Packages given on the command line. Absent if there are none. */
  added?: AddedPackage[]
  /** Absolute path of the new `apkg.json`. Absent if the project had one. */
  createdManifest?: string
  /** Packages that were installed. */
  installed: InstalledPackage[]
  /** Packages that were removed. */
  removed: PackageId[]
  /** Number of packages that were already installed. */
  unchanged: number
  signatures: SignatureReport
  status: StatusReport
  /** Packages that weren't installed because they are linked. Absent if there are none. */
  linked?: LinkedPackage[]
}

/** A package that was installed. */
export interface InstalledPackage extends PackageId {
  /** `sha256-` followed by the base64-encoded digest of the tarball. */
  integrity: string
  /** ID of the author's key that signed the package; null if it is unsigned. */
  signer: string | null
}

export function installResult(report: InstallReport | AddReport): InstallResult {
  const {registry, installed, removed, unchanged, signatures, status, linked} = report
  return {
    registry,
    ...('added' in report && {added: report.added}),
    ...('added' in report && report.createdManifest && {createdManifest: report.createdManifest.path}),
    installed: installed.map(({name, version, integrity, signer = null}) => ({name, version, integrity, signer})),
    removed,
    unchanged,
    signatures,
    status,
    ...(linked.length > 0 && {linked}),
  }
}
