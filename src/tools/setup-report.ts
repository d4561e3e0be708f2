import type {LeftFile, WrittenFile} from './write-tool-files.js'
import type {Preapproval, Unsupported} from './plan-setup.js'

/** What the setup of tools did. */
export interface SetupReport {
  /** The tools that were set up, by their names. */
  tools: string[]
  written: WrittenFile[]
  /** Paths. */
  removed: string[]
  left: LeftFile[]
  /** What the user has not been told yet; all of it, where the setup was asked for. */
  unsupported: Unsupported[]
  /** Names of packages that files were written for, and that the project does not ask for itself. */
  transitive: string[]
  /** Of the files that were written. */
  preapproved: Preapproval[]
  /** Why the setup did not come to its end; absent where it did. */
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
