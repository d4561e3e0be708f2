import type {InstalledPackage, Ledger} from '../installation/ledger.js'
import type {PackagesFolder} from '../installation/packages-folder.js'
import type {Staging} from '../installation/staging.js'
import {applySetup, mayBeOwned, type LeftFile} from './apply.js'
import {claudeFile, linkClaudeMd} from './claude-link.js'
import {eligiblePackages} from './installed-packages.js'
import {planSetup} from './plan.js'
import {refusal} from './refusal.js'
import {agentsFile, indexRules, isIndexed} from './rules-index.js'
import {readSetUpPackage} from './set-up-package.js'
import type {SetupReport} from './setup-report.js'
import type {OwnedFile, SetupLedger} from './setup-ledger.js'
import type {SetUpPackage, Tool} from './tool.js'
import {tools as allTools} from './tools/index.js'

export interface Renewal {
  project: string
  folder: PackagesFolder
  staging: Staging
  installed: Ledger
  /** Of the project's manifest. */
  dependencies: Readonly<Record<string, string>>
  names: readonly string[]
  /** Tools of plugins. */
  more: readonly Tool[]
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
export async function renewSetup(
  renewal: Renewal,
  before: SetupLedger,
): Promise<{report: SetupReport; after: SetupLedger}> {
  const {project, folder, staging, installed, dependencies, names, more, setupTransitive, linksClaudeMd, save} = renewal
  const chosen = [...allTools, ...more].filter(({name}) => names.includes(name))
  const {packages, transitive} = eligiblePackages(installed, dependencies, setupTransitive)
  const {read, left} = await readAll(folder, chosen.length > 0 ? packages : [])
  // Of packages in these states nothing is known that would be a reason to remove their files.
  const unclear = new Set([...installed.changing, ...left.map((each) => each.package)])
  const plan = planSetup(read, chosen)
  const remain = new Set(packages.map(({name}) => name))
  const keeps = (owned: OwnedFile) =>
    unclear.has(owned.package) || (remain.has(owned.package) && !owned.tools.some((tool) => names.includes(tool)))
  const goal = {files: plan.files, keeps}

  const pending = mayBeOwned(project, goal, before)
  const mayHaveBlock = before.hasAgentsBlock || [...pending.files.keys()].some(isIndexed)
  const wantsClaudeLink = linksClaudeMd && (names.includes('claude-code') || before.hasClaudeLink)
  await save({
    ...pending,
    basis: undefined,
    hasAgentsBlock: mayHaveBlock,
    hasClaudeLink: before.hasClaudeLink || wantsClaudeLink,
  })

  const {changes, after} = await applySetup(project, staging, goal, {...pending, files: before.files})
  left.push(...changes.left)
  left.push(
    ...plan.conflicts.map(({first, ...file}) => ({...file, reason: `${first} has the same file`, isOrphan: false})),
  )
  let {hasAgentsBlock} = before
  const rules = [...after.files.keys()].filter(isIndexed)
  if (rules.length > 0 || hasAgentsBlock) {
    const indexed = await indexRules(project, staging, rules)
    if (indexed.problem === undefined) hasAgentsBlock = indexed.hasBlock
    else left.push({path: agentsFile, package: 'apkg', reason: indexed.problem, isOrphan: false})
  }
  let {hasClaudeLink} = before
  const isWanted = wantsClaudeLink && after.files.size > 0
  const refused = await refusal(async () => {
    hasClaudeLink = await linkClaudeMd(project, {isWanted, isOurs: before.hasClaudeLink})
  })
  if (refused !== undefined) left.push({path: claudeFile, package: 'apkg', reason: refused, isOrphan: false})
  return {
    report: {
      tools: [...names],
      written: changes.written,
      removed: changes.removed,
      left,
      unsupported: plan.unsupported,
      transitive: [...new Set(changes.written.map((each) => each.package))].filter((name) => transitive.has(name)),
    },
    after: {...after, basis: undefined, hasAgentsBlock, hasClaudeLink},
  }
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
