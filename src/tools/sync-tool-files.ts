import {agentsFile, toolFormats} from '@apkg/package-format/conversion'

import type {LedgerPackage, Ledger} from '../project/installation/ledger.js'
import {turnEvery} from '../files/turn-every.js'
import {linkedPackages, type LinkedPackage} from '../project/installation/linked-packages.js'
import type {PackagesFolder} from '../project/installation/packages-folder.js'
import type {Staging} from '../project/installation/staging.js'
import {claudeFile, linkClaudeMd} from './claude-md-link.js'
import {eligiblePackages} from './eligible-packages.js'
import type {LeftFile} from './left-file.js'
import {linkedFormats, realPathsIn} from './linked-folders.js'
import {hasInstructions} from './instructions.js'
import {isMadeFor, planSetup, type SetupPlan, type UnreadType} from './plan-setup.js'
import {indexRules, isIndexed} from './rules-index.js'
import {readSetUpPackage, setUpPackageOf, type ReadPackage} from './set-up-package.js'
import type {OwnedFile, SetUpRecord, SetupLedger, UnreadVersion, UnsupportedPackage} from './setup-ledger.js'
import type {ProjectFileChange, SetupReport} from './setup-report.js'
import {
  changesBetween,
  earlierRecord,
  earlierRecords,
  hiddenLines,
  isKnownAdjustment,
  misspelledFields,
  recordsAfter,
  recordsOf,
} from './setup-records.js'
import type {ReadLinked} from './linked-content.js'
import type {PluginTool, SetUpPackage} from './tool.js'
import {tryFileOperation, type FileRefusal} from './try-file-operation.js'
import {pendingOwnership, writeToolFiles, type SetupChanges, type SetupGoal} from './write-tool-files.js'

export interface ToolFileSync {
  project: string
  folder: PackagesFolder
  staging: Staging
  installed: Ledger
  /** Of the project's manifest. */
  dependencies: Readonly<Record<string, string>>
  /** The selected tools. */
  names: readonly string[]
  /** Those of them that a flag names. */
  explicit: ReadonlySet<string>
  /** Tools of plugins. */
  more: readonly PluginTool[]
  /** Whether to report everything, including what was reported before. */
  repairs: boolean
  /** Whether to remove files of packages that are made for other tools. Earlier releases of apkg ignored `targets`. */
  upgrades: boolean
  setupTransitive: boolean
  /** Whether to link CLAUDE.md to AGENTS.md if Claude Code is set up. */
  linksClaudeMd: boolean
  /** Reads linked packages. If undefined, their tool files stay as they are. */
  readLinked: ReadLinked | undefined
  save: (ledger: SetupLedger) => Promise<void>
}

/** What was done. How the tools were chosen is unknown here. */
type SyncReport = Omit<SetupReport, 'isDetected' | 'isFallback' | 'unknown' | 'nearest'>

/**
 * Makes the files of tools match the installed packages.
 *
 * @returns `after`: the ledger, which the caller must save. `planned`: how many files there should be.
 * @throws {ApkgError} `FILE_UNWRITABLE` if the ledger cannot be written; system errors.
 */
export async function syncToolFiles(
  sync: ToolFileSync,
  before: SetupLedger,
): Promise<{report: SyncReport; after: SetupLedger; planned: number}> {
  const {project, staging, names, linksClaudeMd, save} = sync
  const planned = await planSync(sync)
  const {goal} = planned
  const wantsClaudeLink = linksClaudeMd && (names.includes('claude-code') || before.hasClaudeLink)
  const pending = pendingOwnership(project, goal, before)
  await save({
    ...pending,
    basis: undefined,
    unsupported: before.unsupported,
    unread: before.unread,
    records: before.records,
    hasAgentsBlock: before.hasAgentsBlock || [...pending.files.values()].some(isIndexed),
    hasClaudeLink: before.hasClaudeLink || wantsClaudeLink,
  })
  const {changes, after} = await writeToolFiles(project, staging, goal, {...pending, files: before.files})
  const rules = [...after.files.values()].filter(isIndexed).map(({path}) => path)
  const agents = await updateAgents(project, staging, {rules, hadBlock: before.hasAgentsBlock})
  const isWanted = wantsClaudeLink && after.files.size > 0
  const claude = await updateClaudeLink(project, {isWanted, isManaged: before.hasClaudeLink})
  const {left, ...report} = reportOf(sync, planned, changes, before)
  return {
    planned: goal.files.size,
    report: {
      ...report,
      left: [...left, ...agents.left, ...claude.left],
      projectFiles: [...agents.changed, ...claude.changed],
    },
    after: {
      ...after,
      basis: undefined,
      unsupported: reportedAfter(sync, planned, before.unsupported),
      unread:
        names.length > 0
          ? planned.plan.unread.map(withoutType)
          : before.unread.filter((each) => planned.eligible.has(each.package)),
      records: recordsAfter(before.records, planned.records, {
        names,
        keeps: (name) => planned.eligible.has(name) || planned.unknown.has(name),
        isUnread: (name) => planned.unknown.has(name),
      }),
      hasAgentsBlock: agents.hasBlock,
      hasClaudeLink: claude.hasLink,
    },
  }
}

interface PlannedSync {
  goal: SetupGoal
  plan: SetupPlan
  /** The packages that were read and have definitions. */
  packages: readonly SetUpPackage[]
  /** By name. */
  records: ReadonlyMap<string, SetUpRecord>
  /** Names of packages whose content is unknown. */
  unknown: ReadonlySet<string>
  /** Names of the packages that tools are set up for. */
  eligible: ReadonlySet<string>
  /** Names of transitive dependencies among them. */
  transitive: ReadonlySet<string>
  /** Packages that cannot be read. */
  left: LeftFile[]
}

async function planSync({
  project,
  folder,
  installed,
  dependencies,
  names,
  explicit,
  more,
  upgrades,
  setupTransitive,
  readLinked,
}: ToolFileSync): Promise<PlannedSync> {
  const realPath = realPathsIn(project)
  const chosen = [...linkedFormats(toolFormats, realPath), ...more].filter(({name}) => names.includes(name))
  const {packages, transitive} = eligiblePackages(installed, dependencies, setupTransitive)
  const ready = chosen.length > 0 ? await readAll(folder, packages) : nothingRead
  const linked =
    chosen.length > 0 && readLinked ? await readLinks(linkedPackages(folder, installed), readLinked) : nothingRead
  const read = [...ready.read, ...linked.read].sort((a, b) => (a.name < b.name ? -1 : 1))
  const left = [...ready.left, ...linked.left]
  // The content of these packages is unknown, so their tool files are kept.
  const known = new Set(read.map(({name}) => name))
  const unreadLinks = [...installed.links].filter((name) => !known.has(name))
  const unknown = new Set([...installed.changing, ...unreadLinks, ...left.map((each) => each.package)])
  const eligible = new Set([...packages.map(({name}) => name), ...installed.links])
  const plan = planSetup(read, {tools: chosen, explicit, realPath, isPresent: hasInstructions(project)})
  const defined = read.filter((each) => 'definitions' in each)
  const isForOthers = (owned: OwnedFile) => {
    const setUp = defined.find(({name, version}) => name === owned.package && version === owned.version)
    return setUp !== undefined && owned.tools.every((name) => !isMadeFor(setUp, {name}))
  }
  const keeps = (owned: OwnedFile) =>
    unknown.has(owned.package) ||
    (eligible.has(owned.package) && !owned.tools.some((tool) => names.includes(tool))) ||
    (!upgrades && isForOthers(owned))
  const records = recordsOf(plan, defined)
  return {goal: {files: plan.files, keeps}, plan, packages: defined, records, unknown, eligible, transitive, left}
}

/** @param before with what was reported before. */
function reportOf(
  {names, repairs}: ToolFileSync,
  {plan, packages: planned, records, transitive, left}: PlannedSync,
  changes: SetupChanges,
  before: SetupLedger,
): Omit<SyncReport, 'projectFiles'> {
  const {written, removed} = changes
  const packages = new Set(written.map((each) => each.package))
  const paths = new Set(written.map((each) => each.path))
  const earlier = earlierRecords(before, records)
  const isNew = (each: {package: string; tool: string}) => !earlierRecord(earlier, each)
  const isFirst = ({name}: SetUpPackage) =>
    records.get(name)?.tools.some((tool) => isNew({package: name, tool})) ?? false
  return {
    tools: [...names],
    written,
    removed,
    left: [...left, ...changes.left, ...conflictsOf(plan)],
    unsupported: plan.unsupported.filter((each) => repairs || !isAmong(before.unsupported, each)),
    unread: plan.unread.filter((each) => repairs || !isAmong(before.unread, each)),
    overridden: plan.overridden.filter((each) => repairs || packages.has(each.package)),
    transitive: [...packages].filter((name) => transitive.has(name)),
    preapproved: plan.preapproved.filter((each) => paths.has(each.path) && (repairs || isNew(each))),
    adjusted: plan.adjusted.filter(
      (each) => repairs || (packages.has(each.package) && !isKnownAdjustment(earlier, each)),
    ),
    changes: changesBetween(earlier, records),
    misspelled: misspelledFields(planned.filter((each) => repairs || packages.has(each.name))),
    hidden: hiddenLines(planned.filter((each) => repairs || (packages.has(each.name) && isFirst(each)))),
  }
}

/** The unsupported packages that are reported by now. Those of tools that are not selected stay, as their files do. */
function reportedAfter(
  {names}: ToolFileSync,
  {plan, eligible}: PlannedSync,
  reported: readonly UnsupportedPackage[],
): UnsupportedPackage[] {
  const ofOtherTools = reported.filter((each) => eligible.has(each.package) && !names.includes(each.tool))
  const ofSelectedTools = plan.unsupported.map(({package: name, version, tool}) => ({package: name, version, tool}))
  return [...ofOtherTools, ...ofSelectedTools]
}

/** A version that was reported: for a tool, or because no tool reads it. */
type ReportedVersion = UnreadVersion & Partial<Pick<UnsupportedPackage, 'tool'>>

function isAmong(packages: readonly ReportedVersion[], {package: name, version, tool}: ReportedVersion): boolean {
  return packages.some((each) => each.package === name && each.version === version && each.tool === tool)
}

function withoutType({package: name, version}: UnreadType): UnreadVersion {
  return {package: name, version}
}

function conflictsOf({conflicts}: SetupPlan): LeftFile[] {
  return conflicts.map(({first, ...file}) => ({
    ...file,
    kind: 'conflict',
    reason: `also provided by ${first}`,
    isOrphan: false,
  }))
}

async function updateAgents(
  project: string,
  staging: Staging,
  {rules, hadBlock}: {rules: readonly string[]; hadBlock: boolean},
): Promise<{hasBlock: boolean; changed: ProjectFileChange[]; left: LeftFile[]}> {
  if (rules.length === 0 && !hadBlock) return {hasBlock: false, changed: [], left: []}
  const indexed = await indexRules(project, staging, rules)
  if (indexed.problem !== undefined) {
    return {hasBlock: hadBlock, changed: [], left: [ownFileLeft(agentsFile, indexed.problem)]}
  }
  const {hasBlock, status} = indexed
  return {hasBlock, changed: status ? [{path: agentsFile, part: 'rules', status}] : [], left: []}
}

async function updateClaudeLink(
  project: string,
  {isWanted, isManaged}: {isWanted: boolean; isManaged: boolean},
): Promise<{hasLink: boolean; changed: ProjectFileChange[]; left: LeftFile[]}> {
  let link: Awaited<ReturnType<typeof linkClaudeMd>> = {hasLink: isManaged}
  const refusal = await tryFileOperation(async () => {
    link = await linkClaudeMd(project, {isWanted, isManaged})
  })
  const {hasLink, status} = link
  return {
    hasLink,
    changed: status ? [{path: claudeFile, part: 'link', status}] : [],
    left: refusal === undefined ? [] : [ownFileLeft(claudeFile, refusal)],
  }
}

/** A file that does not belong to a single package. */
function ownFileLeft(path: string, refusal: FileRefusal): LeftFile {
  return {path, package: 'apkg', ...refusal, isOrphan: false}
}

/** Reads packages for tools; `left` lists those that were modified after the installation. */
const nothingRead: {read: ReadPackage[]; left: LeftFile[]} = {read: [], left: []}

async function readLinks(links: readonly LinkedPackage[], readLinked: ReadLinked): Promise<typeof nothingRead> {
  const read: ReadPackage[] = []
  const left: LeftFile[] = []
  for (const link of links) {
    const {name} = link
    const content = await readLinked(link)
    if ('problem' in content) left.push(unreadPackage(name, content.problem))
    else read.push(setUpPackageOf({name, version: content.version}, content.files))
  }
  return {read, left}
}

async function readAll(
  folder: PackagesFolder,
  packages: readonly LedgerPackage[],
): Promise<{read: ReadPackage[]; left: LeftFile[]}> {
  const read: ReadPackage[] = []
  const left: LeftFile[] = []
  const turn = turnEvery(8)
  for (const each of packages) {
    await turn()
    const {setUp, problem: reason} = await readSetUpPackage(folder.packagePath(each.name), each)
    if (reason === undefined) read.push(setUp)
    else left.push(unreadPackage(each.name, reason))
  }
  return {read, left}
}

function unreadPackage(name: string, reason: string): LeftFile {
  return {path: `apkg_packages/${name}`, package: name, kind: 'package', reason, isOrphan: false}
}
