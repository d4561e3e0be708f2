import type {LeftFile, WrittenFile} from './write-tool-files.js'
import type {Preapproval, Unsupported} from './plan-setup.js'

/** Which files were written for which tools. Every list is empty with `--no-setup` and `--dry-run`. */
export interface SetupReport {
  /** Names of the tools that were set up. */
  tools: string[]
  written: WrittenFile[]
  /** Paths of the files that were removed. */
  removed: string[]
  /** Files that were not written or removed. */
  left: LeftFile[]
  /** Packages that a tool cannot load. Reported once for each version, and always by `apkg setup`. */
  unsupported: Unsupported[]
  /** Names of packages that got files although they are only dependencies of others. */
  transitive: string[]
  preapproved: Preapproval[]
  /** Why the setup stopped early. Absent if it finished. */
  problem?: string
}

export const noSetup: SetupReport = {
  tools: [],
  written: [],
  removed: [],
  left: [],
  unsupported: [],
  transitive: [],
  preapproved: [],
}
