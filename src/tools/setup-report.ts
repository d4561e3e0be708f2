import type {HiddenLine, MisspelledField, PackageChange} from './setup-records.js'
import type {LeftFile} from './left-file.js'
import type {WrittenFile} from './write-tool-files.js'
import type {AdjustedPackage, OverriddenTargets, Preapproval, UnreadType, Unsupported} from './plan-setup.js'

/** What happened to apkg's part of a file. */
export type PartStatus = 'created' | 'updated' | 'removed'

/** A project file that apkg changed in part. */
export interface ProjectFileChange {
  /** Path within the project: `AGENTS.md` or `CLAUDE.md`. */
  path: string
  /** The section that lists rules, or a link to AGENTS.md that replaces the file. */
  part: 'rules' | 'link'
  /** What happened to it. */
  status: PartStatus
}

/** The tool files that were written, removed or kept. All lists are empty with `--no-setup` and `--dry-run`. */
export interface SetupReport {
  /** Names of the tools that were set up. */
  tools: string[]
  /** Files that were created or updated. */
  written: WrittenFile[]
  /** Paths of the files that were removed. */
  removed: string[]
  /** Project files that apkg changed in part. */
  projectFiles: ProjectFileChange[]
  /** Files that were kept instead of being updated or removed. */
  left: LeftFile[]
  /** Packages that a tool can't load. Reported once per version, but always by `apkg setup`. */
  unsupported: Unsupported[]
  /** Packages of types that no tool reads. Reported once per version, but always by `apkg setup`. */
  unread: UnreadType[]
  /** Packages that were set up for a tool named with `--setup`, although they are made for others. Reported when files are written, and always by `apkg setup`. */
  overridden: OverriddenTargets[]
  /** Names of transitive dependencies that tools were set up for. */
  transitive: string[]
  /** Written files that let a tool do something without asking. After an update, what is new is in `changes` instead. */
  preapproved: Preapproval[]
  /** Files that differ from what the package's author wrote, such as an agent with fewer tools. Reported when files are written, unless it was the same before. */
  adjusted: AdjustedPackage[]
  /** Whether the tools were found in the project, and not chosen. */
  isDetected: boolean
  /** Whether no tool was chosen or detected, so that only `.agents/skills` was set up. */
  isFallback: boolean
  /** Names in `tools` of `apkg.json` that aren't known tools. */
  unknown: string[]
  /** The known tool closest to a name in `unknown`, by this name. Absent for names that resemble none. */
  nearest: Record<string, string>
  /** How packages differ from the versions that were set up before. */
  changes: PackageChange[]
  /** Fields of definitions that tools ignore because of their spelling, so the author's limit doesn't apply. Reported when files are written. */
  misspelled: MisspelledField[]
  /** Hidden characters in what was set up. After an update, those that are new are in `changes` instead. */
  hidden: HiddenLine[]
  /** Why the setup stopped early. Absent if it finished. */
  problem?: string
}

/** The report if no tool is set up. */
export const noSetup: SetupReport = {
  tools: [],
  written: [],
  removed: [],
  projectFiles: [],
  left: [],
  unsupported: [],
  unread: [],
  overridden: [],
  transitive: [],
  preapproved: [],
  adjusted: [],
  isDetected: false,
  isFallback: false,
  unknown: [],
  nearest: {},
  changes: [],
  misspelled: [],
  hidden: [],
}
