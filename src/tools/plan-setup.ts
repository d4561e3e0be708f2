import {createHash} from 'node:crypto'

import type {UndefinedPackage} from './set-up-package.js'
import type {PlacedFile, SetUpPackage, Tool} from './tool.js'

/** A tool file that should exist. */
export interface PlannedFile {
  /** Relative to the project's directory, with forward slashes. */
  path: string
  content: Uint8Array
  /** Hex, of the content. */
  sha256: string
  isExecutable: boolean
  /** The package that it comes from. */
  package: string
  version: string
  /** The tools that read it, by their names. */
  tools: string[]
}

/** A package that a tool can't load. */
export interface Unsupported {
  package: string
  version: string
  tool: string
  reason: string
}

/** A written file that lets a tool do something without asking. */
export interface Preapproval {
  package: string
  tool: string
  /** Path within the project. */
  path: string
  /** Actions that are allowed without asking, in the tool's own syntax, such as `Bash(git:*)`. */
  allows: string[]
}

export interface SetupPlan {
  /** By path, sorted. */
  files: ReadonlyMap<string, PlannedFile>
  unsupported: Unsupported[]
  /** Files that two packages provide. `first` is the package that gets it. */
  conflicts: {path: string; package: string; first: string}[]
  preapproved: Preapproval[]
}

/**
 * Plans the files of packages for tools. If two packages provide the same file, or paths that are the same on some file
 * systems, the first package by name gets it.
 *
 * @param packages in the order of their names.
 */
export function planSetup(packages: readonly (SetUpPackage | UndefinedPackage)[], tools: readonly Tool[]): SetupPlan {
  const files = new Map<string, PlannedFile>()
  const byKey = new Map<string, PlannedFile>()
  const unsupported = packages.flatMap((each) => ('reason' in each ? unsupportedByAll(each, tools) : []))
  const conflicts: SetupPlan['conflicts'] = []
  const preapproved: Preapproval[] = []
  for (const setUp of packages) {
    if ('reason' in setUp) continue
    const {name, version} = setUp
    for (const tool of tools) {
      const placement = tool.place[setUp.type](setUp)
      if ('unsupported' in placement) {
        unsupported.push({package: name, version, tool: tool.name, reason: placement.unsupported})
        continue
      }
      for (const placed of placement.files) {
        const planned = plannedFile(placed, setUp, tool.name)
        const key = placed.path.normalize('NFC').toLowerCase()
        const present = byKey.get(key)
        if (!present) {
          byKey.set(key, planned)
          files.set(planned.path, planned)
          preapproved.push(...preapprovals(placed, setUp, tool))
        } else if (present.path === planned.path && present.sha256 === planned.sha256) present.tools.push(tool.name)
        else conflicts.push({path: planned.path, package: name, first: present.package})
      }
    }
  }
  const sorted = new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)))
  return {files: sorted, unsupported, conflicts, preapproved}
}

function unsupportedByAll({name, version, reason}: UndefinedPackage, tools: readonly Tool[]): Unsupported[] {
  return tools.map((tool) => ({package: name, version, tool: tool.name, reason}))
}

function preapprovals({path, frontmatter = {}}: PlacedFile, {name, type}: SetUpPackage, tool: Tool): Preapproval[] {
  const allows = tool.preapproves?.[type]?.(frontmatter) ?? []
  return allows.length > 0 ? [{package: name, tool: tool.name, path, allows}] : []
}

function plannedFile(
  {path, content, isExecutable = false}: PlacedFile,
  setUp: SetUpPackage,
  tool: string,
): PlannedFile {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return {path, content: bytes, sha256, isExecutable, package: setUp.name, version: setUp.version, tools: [tool]}
}
