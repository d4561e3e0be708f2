import {toolNamed} from '@apkg/package-format'
import {convertPackage, type ConvertedFile, type Conversion, type ToolFormat} from '@apkg/package-format/conversion'

import {sha256Of} from '../files/sha256.js'
import {whyRulesAreUnread, type IsPresent} from './instructions.js'
import type {ReadPackage, UnreadPackage} from './set-up-package.js'
import {exposures} from './foreign-files.js'
import {withoutLinkedLimits} from './linked-definitions.js'
import type {RealPath} from './linked-folders.js'
import {sharedTool} from './tool-traits.js'
import {isPluginTool, type PluginTool, type SetUpPackage, type Tool} from './tool.js'

/** A tool file that should exist. */
export interface PlannedFile {
  /** Relative to the project's directory, with forward slashes. */
  path: string
  content: Uint8Array
  /** SHA-256 of the content, in hex. */
  sha256: string
  isExecutable: boolean
  /** The package that it comes from. */
  package: string
  version: string
  /** The tools that read it, by their names. */
  tools: string[]
  /** Where a tool finds it through a link in the project, by the tool's name. Otherwise at `path`. */
  seenAs: Map<string, string>
}

/** A package, or a definition in it, that a tool can't load. */
export interface Unsupported {
  package: string
  version: string
  tool: string
  /** Starts with the definition's path if the tool can load other definitions in the package. */
  reason: string
}

/** A package of a type that no tool reads. */
export interface UnreadType {
  package: string
  version: string
  /** Its type, such as `composite`. */
  type: string
}

/** A package that a tool was named for with `--setup`, although its `targets` are other tools. */
export interface OverriddenTargets {
  package: string
  version: string
  tool: string
  /** The tools that the package is made for. */
  targets: string[]
}

/** A written file that lets a tool do something without asking. */
export interface Preapproval {
  package: string
  tool: string
  /** Path within the project. */
  path: string
  /** Path of the definition within the package. */
  definition: string
  /** Actions that are allowed without asking, in the tool's own syntax, such as `Bash(git:*)`. */
  allows: string[]
}

/** A file that differs from what the package's author wrote, or that a tool reads without its limits. */
export interface AdjustedPackage {
  package: string
  version: string
  tool: string
  /** Path within the package, or within the project if the file belongs to another tool. */
  path: string
  /** A clause: "without the tools Write, Bash". */
  reason: string
}

export interface SetupPlan {
  /** By path, sorted. */
  files: ReadonlyMap<string, PlannedFile>
  unsupported: Unsupported[]
  unread: UnreadType[]
  overridden: OverriddenTargets[]
  adjusted: AdjustedPackage[]
  /** Files that two packages provide. `first` is the package that gets it. */
  conflicts: {path: string; package: string; first: string}[]
  preapproved: Preapproval[]
}

/** For which tools to plan. */
export interface PlannedTools {
  tools: readonly Tool[]
  /** Names of the tools that a flag names. They get packages that are made for other tools too. */
  explicit?: ReadonlySet<string>
  /** Follows the links in the project; by default there are none. */
  realPath?: RealPath
  /** Which files of instructions the project has; by default none. */
  isPresent?: IsPresent
}

/**
 * Plans the files of packages for tools. If two packages provide the same file, or paths that are the same on some file
 * systems, the first package by name gets it.
 *
 * @param packages in the order of their names.
 */
export function planSetup(
  packages: readonly ReadPackage[],
  {tools, explicit = new Set(), realPath = (file) => file, isPresent = () => false}: PlannedTools,
): SetupPlan {
  const plan = new Plan(realPath)
  const unreadRules = whyRulesAreUnread(tools, isPresent)
  for (const setUp of packages) {
    if ('reason' in setUp) {
      for (const tool of tools) plan.refuse(setUp, tool, setUp.reason)
      continue
    }
    if ('unreadType' in setUp) {
      plan.skip(setUp)
      continue
    }
    const isTarget = (tool: Tool) => explicit.has(tool.name) || isMadeFor(setUp, tool)
    for (const tool of tools.filter((each) => !isTarget(each))) plan.refuse(setUp, tool, targetReason(setUp))
    const targets = tools.filter(isTarget)
    for (const tool of targets.filter((each) => !isMadeFor(setUp, each))) plan.override(setUp, tool)
    const formats = targets.filter((tool): tool is ToolFormat => {
      const reason = setUp.type === 'rule' ? unreadRules.get(tool.name) : undefined
      if (reason !== undefined) plan.refuse(setUp, tool, reason)
      return !isPluginTool(tool) && reason === undefined
    })
    const converted = convertPackage(setUp, formats).flatMap((conversion, index) => {
      const tool = formats[index]
      return tool ? [{tool, conversion}] : []
    })
    const readers = tools.filter((tool): tool is ToolFormat => !isPluginTool(tool))
    const conversions = withoutLinkedLimits(converted, {type: setUp.type, readers, realPath})
    for (const [index, {tool}] of converted.entries()) {
      const conversion = conversions[index]
      if (conversion) plan.add(setUp, tool, conversion, readers)
    }
    for (const tool of targets.filter(isPluginTool)) plan.addPlugin(setUp, tool)
  }
  return plan.finished()
}

/** Whether a tool is among the `targets` of a package. `.agents/skills` belongs to no tool. */
export function isMadeFor({targets}: SetUpPackage, {name}: Pick<Tool, 'name'>): boolean {
  return targets === undefined || name === sharedTool.name || targets.some((each) => (toolNamed(each) ?? each) === name)
}

function targetReason({targets = []}: SetUpPackage): string {
  return `it is made for ${targets.join(', ')}; to set it up anyway, name the tool with \`--setup\``
}

class Plan {
  readonly #realPath: RealPath
  readonly #files = new Map<string, PlannedFile>()
  readonly #byKey = new Map<string, PlannedFile>()
  readonly #unsupported: Unsupported[] = []
  readonly #unread: UnreadType[] = []
  readonly #overridden: OverriddenTargets[] = []
  readonly #adjusted: AdjustedPackage[] = []
  readonly #conflicts: SetupPlan['conflicts'] = []
  readonly #preapproved: Preapproval[] = []
  /** Of files that were written for another tool. */
  readonly #foreignPreapproved: Preapproval[] = []

  constructor(realPath: RealPath) {
    this.#realPath = realPath
  }

  refuse({name, version}: Pick<SetUpPackage, 'name' | 'version'>, tool: Pick<Tool, 'name'>, reason: string): void {
    this.#unsupported.push({package: name, version, tool: tool.name, reason})
  }

  skip({name, version, unreadType}: UnreadPackage): void {
    this.#unread.push({package: name, version, type: unreadType})
  }

  override({name, version, targets = []}: SetUpPackage, {name: tool}: Pick<Tool, 'name'>): void {
    this.#overridden.push({package: name, version, tool, targets: targets.map((each) => toolNamed(each) ?? each)})
  }

  add(
    setUp: SetUpPackage,
    tool: ToolFormat,
    {files, adjustments, refused}: Conversion,
    readers: readonly ToolFormat[],
  ) {
    const {name, version} = setUp
    for (const reason of refusalsOf(setUp, refused)) this.refuse(setUp, tool, reason)
    for (const {definition: path, reason} of adjustments) {
      this.#adjusted.push({package: name, version, tool: tool.name, path, reason})
    }
    for (const file of files) {
      this.#place(file, setUp, tool)
      const {definition = file.path} = file
      for (const exposure of exposures(file, tool, {tools: readers, realPath: this.#realPath})) {
        const {tool: reader, path, reason, grants} = exposure
        if (reason !== undefined) this.#adjusted.push({package: name, version, tool: reader, path, reason})
        const preapproval = {package: name, tool: reader, path, definition, allows: [...grants]}
        if (grants.length > 0) this.#foreignPreapproved.push(preapproval)
      }
    }
  }

  addPlugin(setUp: SetUpPackage, tool: PluginTool): void {
    const placement = tool.place[setUp.type](setUp)
    if ('unsupported' in placement) this.refuse(setUp, tool, placement.unsupported)
    else for (const file of placement.files) this.#place(file, setUp, tool)
  }

  #place(file: ConvertedFile, setUp: SetUpPackage, {name: tool}: Pick<Tool, 'name'>): void {
    const planned = plannedFile({...file, path: this.#realPath(file.path)}, setUp, tool)
    if (planned.path !== file.path) planned.seenAs.set(tool, file.path)
    const key = planned.path.normalize('NFC').toLowerCase()
    const present = this.#byKey.get(key)
    if (!present) {
      this.#byKey.set(key, planned)
      this.#files.set(planned.path, planned)
    } else if (present.path === planned.path && present.sha256 === planned.sha256) {
      present.tools.push(tool)
      for (const [name, seen] of planned.seenAs) present.seenAs.set(name, seen)
    } else this.#conflicts.push({path: planned.path, package: setUp.name, first: present.package})
    const {definition = file.path, grants = []} = file
    const {path} = planned
    if (grants.length > 0) this.#preapproved.push({package: setUp.name, tool, path, definition, allows: [...grants]})
  }

  /** Whether a tool's own file already allows the same. */
  #isPreapproved({package: name, tool, definition, allows}: Preapproval): boolean {
    const isSame = (each: Preapproval) => each.package === name && each.tool === tool && each.definition === definition
    const own = new Set(this.#preapproved.filter(isSame).flatMap((each) => each.allows))
    return allows.every((each) => own.has(each))
  }

  finished(): SetupPlan {
    return {
      files: new Map([...this.#files].sort(([a], [b]) => (a < b ? -1 : 1))),
      unsupported: this.#unsupported,
      unread: this.#unread,
      overridden: this.#overridden,
      adjusted: this.#adjusted,
      conflicts: this.#conflicts,
      preapproved: [...this.#preapproved, ...this.#foreignPreapproved.filter((each) => !this.#isPreapproved(each))],
    }
  }
}

/** One reason for the complete package, or one per definition if the tool gets some of them. */
function refusalsOf({definitions}: SetUpPackage, refused: Conversion['refused']): string[] {
  const reasons = [...new Set(refused.map(({reason}) => reason))]
  const [only] = reasons
  if (reasons.length === 1 && only !== undefined && refused.length === definitions.length) return [only]
  return refused.map(({definition, reason}) => `${definition}: ${reason}`)
}

function plannedFile(
  {path, content, isExecutable = false}: ConvertedFile,
  setUp: SetUpPackage,
  tool: string,
): PlannedFile {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const sha256 = sha256Of(bytes)
  return {
    path,
    content: bytes,
    sha256,
    isExecutable,
    package: setUp.name,
    version: setUp.version,
    tools: [tool],
    seenAs: new Map(),
  }
}
