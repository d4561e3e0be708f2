import type {InstalledPackage, Ledger} from '../project/installation/ledger.js'
import type {PackagesFolder} from '../project/installation/packages-folder.js'
import type {Staging} from '../project/installation/staging.js'
import {writeToolFiles, pendingOwnership, type LeftFile, type SetupChanges, type SetupGoal} from './write-tool-files.js'
import {claudeFile, linkClaudeMd} from './claude-md-link.js'
import {eligiblePackages} from './eligible-packages.js'
import {planSetup, type SetupPlan} from './plan-setup.js'
import {tryFileOperation} from './try-file-operation.js'
import {agentsFile, indexRules, isIndexed} from './rules-index.js'
import {readSetUpPackage} from './set-up-package.js'
import type {SetupReport} from './setup-report.js'
import type {OwnedFile, UnsupportedPackage, SetupLedger} from './setup-ledger.js'
import type {SetUpPackage, Tool} from './tool.js'
import {tools as allTools} from './adapters/index.js'

export interface ToolFileSync {
  project: string
  folder: PackagesFolder
  staging: Staging
  installed: Ledger
  /** Of the project's manifest. */
  dependencies: Readonly<Record<string, string>>
  names: readonly string[]
  /** Tools of plugins. */
  more: readonly Tool[]
  /** Whether all is told, what was told before too. */
  repairs: boolean
  setupTransitive: boolean
  /** Whether CLAUDE.md is to lead to AGENTS.md where Claude Code is set up. */
  linksClaudeMd: boolean
  save: (ledger: SetupLedger) => Promise<void>
}

/**
 * Makes the files of tools what they should be. The caller saves what is returned.
 *
 * @throws {ApkgError} `FILE_UNWRITABLE`, where the ledger cannot be written; the system's errors.
 */
export async function syncToolFiles(
  renewal: ToolFileSync,
  before: SetupLedger,
): Promise<{report: SetupReport; after: SetupLedger}> {
  const {project, staging, names, linksClaudeMd, save} = renewal
  const planned = await planSync(renewal)
  const {goal} = planned
  const wantsClaudeLink = linksClaudeMd && (names.includes('claude-code') || before.hasClaudeLink)
  const pending = pendingOwnership(project, goal, before)
  await save({
    ...pending,
    basis: undefined,
    unsupported: before.unsupported,
    hasAgentsBlock: before.hasAgentsBlock || [...pending.files.keys()].some(isIndexed),
    hasClaudeLink: before.hasClaudeLink || wantsClaudeLink,
  })
  const {changes, after} = await writeToolFiles(project, staging, goal, {...pending, files: before.files})
  const rules = [...after.files.keys()].filter(isIndexed)
  const agents = await renewAgents(project, staging, {rules, hadBlock: before.hasAgentsBlock})
  const isWanted = wantsClaudeLink && after.files.size > 0
  const claude = await renewClaudeLink(project, {isWanted, isOurs: before.hasClaudeLink})
  const {left, ...report} = reportOf(renewal, planned, changes, before.unsupported)
  return {
    report: {...report, left: [...left, ...agents.left, ...claude.left]},
    after: {
      ...after,
      basis: undefined,
      unsupported: toldOf(renewal, planned, before.unsupported),
      hasAgentsBlock: agents.hasBlock,
      hasClaudeLink: claude.hasLink,
    },
  }
}

interface PlannedSync {
  goal: SetupGoal
  plan: SetupPlan
  /** Names of the packages that tools are set up for. */
  remain: ReadonlySet<string>
  /** Names of those that the project does not ask for itself. */
  transitive: ReadonlySet<string>
  /** Packages that cannot be read. */
  left: LeftFile[]
}

async function planSync({
  folder,
  installed,
  dependencies,
  names,
  more,
  setupTransitive,
}: ToolFileSync): Promise<PlannedSync> {
  const chosen = [...allTools, ...more].filter(({name}) => names.includes(name))
  const {packages, transitive} = eligiblePackages(installed, dependencies, setupTransitive)
  const {read, left} = await readAll(folder, chosen.length > 0 ? packages : [])
  // Of packages in these states nothing is known that would be a reason to remove their files.
  const unclear = new Set([...installed.changing, ...left.map((each) => each.package)])
  const remain = new Set(packages.map(({name}) => name))
  const keeps = (owned: OwnedFile) =>
    unclear.has(owned.package) || (remain.has(owned.package) && !owned.tools.some((tool) => names.includes(tool)))
  const plan = planSetup(read, chosen)
  return {goal: {files: plan.files, keeps}, plan, remain, transitive, left}
}

/** @param told what tools have no place for, as far as it was told before. */
function reportOf(
  {names, repairs}: ToolFileSync,
  {plan, transitive, left}: PlannedSync,
  changes: SetupChanges,
  told: readonly UnsupportedPackage[],
): SetupReport {
  const {written, removed} = changes
  const packages = new Set(written.map((each) => each.package))
  const paths = new Set(written.map((each) => each.path))
  return {
    tools: [...names],
    written,
    removed,
    left: [...left, ...changes.left, ...conflictsOf(plan)],
    unsupported: plan.unsupported.filter((each) => repairs || !isAmong(told, each)),
    transitive: [...packages].filter((name) => transitive.has(name)),
    preapproved: plan.preapproved.filter(({path}) => paths.has(path)),
  }
}

/** What is told by then. Of a tool that is not chosen it stays so, as its files stay. */
function toldOf(
  {names}: ToolFileSync,
  {plan, remain}: PlannedSync,
  told: readonly UnsupportedPackage[],
): UnsupportedPackage[] {
  const ofOthers = told.filter((each) => remain.has(each.package) && !names.includes(each.tool))
  return [...ofOthers, ...plan.unsupported.map(({package: name, version, tool}) => ({package: name, version, tool}))]
}

function isAmong(told: readonly UnsupportedPackage[], {package: name, version, tool}: UnsupportedPackage): boolean {
  return told.some((each) => each.package === name && each.version === version && each.tool === tool)
}

function conflictsOf({conflicts}: SetupPlan): LeftFile[] {
  return conflicts.map(({first, ...file}) => ({...file, reason: `${first} has the same file`, isOrphan: false}))
}

async function renewAgents(
  project: string,
  staging: Staging,
  {rules, hadBlock}: {rules: readonly string[]; hadBlock: boolean},
): Promise<{hasBlock: boolean; left: LeftFile[]}> {
  if (rules.length === 0 && !hadBlock) return {hasBlock: false, left: []}
  const indexed = await indexRules(project, staging, rules)
  if (indexed.problem === undefined) return {hasBlock: indexed.hasBlock, left: []}
  return {hasBlock: hadBlock, left: [ownFileLeft(agentsFile, indexed.problem)]}
}

async function renewClaudeLink(
  project: string,
  {isWanted, isOurs}: {isWanted: boolean; isOurs: boolean},
): Promise<{hasLink: boolean; left: LeftFile[]}> {
  let hasLink = isOurs
  const reason = await tryFileOperation(async () => {
    hasLink = await linkClaudeMd(project, {isWanted, isOurs})
  })
  return {hasLink, left: reason === undefined ? [] : [ownFileLeft(claudeFile, reason)]}
}

/** A file that is of no one package. */
function ownFileLeft(path: string, reason: string): LeftFile {
  return {path, package: 'apkg', reason, isOrphan: false}
}

/** Reads packages for tools; `left` names those that are not as they were installed. */
async function readAll(
  folder: PackagesFolder,
  packages: readonly InstalledPackage[],
): Promise<{read: SetUpPackage[]; left: LeftFile[]}> {
  const read: SetUpPackage[] = []
  const left: LeftFile[] = []
  for (const each of packages) {
    const {setUp, problem: reason} = await readSetUpPackage(folder.packagePath(each.name), each)
    if (reason !== undefined) {
      left.push({path: `apkg_packages/${each.name}`, package: each.name, reason, isOrphan: false})
    } else if (setUp) read.push(setUp)
  }
  return {read, left}
}
