import path from 'node:path'

import {exitCodes, hasCode, isAbsent, readConfig, errorReason, type Config, type ExitCode} from '@apkg/command-kit'

import {listsRule, agentsFile, isFound, isUnsupported, loadProblems, toolFormats} from '@apkg/package-format/conversion'

import {readLedgerKey} from '../files/ledger-key.js'
import type {Ledger} from '../project/installation/ledger.js'
import {linkedPackages, type LinkedPackage} from '../project/installation/linked-packages.js'
import {packagesOnDisk} from '../project/installation/packages-on-disk.js'
import {PackagesFolder} from '../project/installation/packages-folder.js'
import {readBounded} from '../files/read-bounded.js'
import {readProject} from '../project/read-project.js'
import {readTrust, type Trust} from '../trust/trust-store.js'
import {emptyHome} from '../trust/unread-trust.js'
import {chooseTools} from './choose-tools.js'
import {duplicateSkills, type DuplicateSkill} from './duplicates.js'
import {earlierPlace} from './earlier-place.js'
import {inspectPath} from './inspect-path.js'
import {hasInstructions, whyRulesAreUnread} from './instructions.js'
import {linkedFormats, realPathsIn} from './linked-folders.js'
import {planSetup, type PlannedFile, type PlannedTools} from './plan-setup.js'
import type {ReadLinked} from './linked-content.js'
import {readSetUpPackage, setUpPackageOf} from './set-up-package.js'
import type {SetupOptions} from './set-up.js'
import {readSetupLedger, setupLedgerFile, type OwnedFile} from './setup-ledger.js'
import {isPluginTool, type SetUpPackage, type Tool} from './tool.js'
import {unreadReason} from './unread-reason.js'

/** The reason why a tool wouldn't load a file or a package. */
export interface LoadProblem {
  /** Path within the project; null if the problem is with the package itself. */
  path: string | null
  /**
   * `package`: the package itself has a problem. `missing`: the file does not exist, and `apkg setup` restores it. `unread`:
   * the tool would not load the file. `outdated`: the file loads, but would be written differently now.
   */
  kind: 'package' | 'missing' | 'unread' | 'outdated'
  reason: string
}

/** Whether a tool loads a package. */
export interface CheckedPackage {
  package: string
  /** Null if the package is not installed. */
  version: string | null
  /** Null if no tool is set up, or if no tool reads packages of this type. */
  tool: string | null
  /**
   * `modified`: the package loads, with your changes. `outdated`: it loads as it was set up earlier: by another release of
   * apkg, in another location, or as another version. `unsupported` and `skipped` are not failures.
   */
  state: 'loads' | 'modified' | 'outdated' | 'fails' | 'unsupported' | 'skipped'
  /** Paths of the files that the tool reads. */
  files: string[]
  /** Reasons why the tool wouldn't load the package, or why files are outdated. */
  problems: LoadProblem[]
}

/** With `--check`, whether each tool loads each package. */
export interface SetupCheck {
  /** Names of the tools that are set up in the project. */
  tools: string[]
  /** One entry per package and tool. */
  packages: CheckedPackage[]
  /** Skills that a tool finds more than once, because it also reads the directory of another tool. Not a failure. */
  duplicates: DuplicateSkill[]
  /** What could not be verified or read. The tool files were checked without it. */
  limitations: string[]
}

/** A package before it is checked for any tool. */
type Candidate = {name: string; version: string | null} & (
  {setUp: SetUpPackage} | {state: 'fails' | 'skipped' | 'unsupported'; reason: string}
)

/** Bytes; no tool loads a larger file. */
const maxTextSize = 16 * 1024 * 1024

/** Bytes; Codex ignores the rest of AGENTS.md. */
const maxAgentsSize = 32 * 1024

/**
 * Checks which packages of a project each tool would load, by the tool's documented rules. Nothing is written.
 *
 * @throws {ApkgError} the errors of `readProject`, `readConfig` and `readTrust`.
 */
export async function checkSetup({
  project,
  home,
  selection,
  more = [],
  readLinked,
}: Omit<SetupOptions, 'repairs'>): Promise<SetupCheck> {
  const {dependencies, tools: listed} = (await readProject(project)).manifest
  const {defaultSetup = {}, setupTransitive, limitations: unreadSettings} = await readSettings(home)
  const {names, explicit} = chooseTools(selection, {project: listed, user: defaultSetup}, project, more)
  const folder = new PackagesFolder(project)
  const {installed, limitations: unverified} = await readInstalled(folder, project, home)
  const candidates = await findCandidates(folder, installed, {dependencies, setupTransitive, readLinked})
  const {files: owned} = await readSetupLedger(setupLedgerFile(folder.root), await readLedgerKey(home))
  const realPath = realPathsIn(project)
  const tools = [...linkedFormats(toolFormats, realPath), ...more].filter(({name}) => names.includes(name))
  const isPresent = hasInstructions(project)
  const chosen = {tools, explicit, realPath, isPresent}
  const packages: CheckedPackage[] = []
  for (const candidate of candidates) {
    if ('state' in candidate && candidate.state === 'unsupported') {
      packages.push({...unread(candidate, null, candidate.reason), state: candidate.state})
      continue
    }
    if (tools.length === 0) packages.push({...unread(candidate, null, 'no tool is selected'), state: 'skipped'})
    for (const tool of tools) {
      packages.push(
        'setUp' in candidate
          ? await checkPackage(project, candidate.setUp, tool, {...chosen, owned})
          : {...unread(candidate, tool.name, candidate.reason), state: candidate.state},
      )
    }
  }
  const read = candidates.flatMap((each) => ('setUp' in each ? [each.setUp] : []))
  const {files} = planSetup(read, chosen)
  const duplicates = duplicateSkills([...files.values()], tools, (file) => inspectPath(project, file).kind === 'file')
  return {tools: names, packages, duplicates, limitations: [...unreadSettings, ...unverified]}
}

/** Settings that can't be read are reported, because nothing is written and a CI job may run in another user's home. */
async function readSettings(
  home: string,
): Promise<Pick<Config, 'defaultSetup'> & Pick<Trust, 'setupTransitive'> & Pick<SetupCheck, 'limitations'>> {
  try {
    const [{defaultSetup}, {setupTransitive}] = [await readConfig(home), await readTrust(home)]
    return {...(defaultSetup && {defaultSetup}), setupTransitive, limitations: []}
  } catch (error) {
    if (!hasCode(error, 'FILE_UNREADABLE')) throw error
    const {setupTransitive} = await readTrust(emptyHome)
    return {setupTransitive, limitations: [`${error.message}. Your settings are ignored`]}
  }
}

/** The packages that apkg installed or, if its key is unavailable, those on disk. */
async function readInstalled(
  folder: PackagesFolder,
  project: string,
  home: string,
): Promise<{installed: Ledger} & Pick<SetupCheck, 'limitations'>> {
  if ((await readLedgerKey(home)) || folder.present().length === 0) {
    return {installed: await folder.readLedger(home), limitations: []}
  }
  const reason = `Cannot verify the packages in ${folder.root}: the key that authenticates apkg's records is not in your home directory`
  return {
    installed: await packagesOnDisk(folder, project),
    limitations: [`${reason}. Tool files are compared with the packages as they are`],
  }
}

/** The exit code of a check: failed if a tool would not load a package that it should. */
export function setupExit({packages}: SetupCheck): ExitCode {
  return packages.some(({state}) => state === 'fails') ? exitCodes.failed : exitCodes.done
}

/** The packages that are installed, linked or direct dependencies, by name. */
async function findCandidates(
  folder: PackagesFolder,
  installed: Ledger,
  {
    dependencies,
    setupTransitive,
    readLinked,
  }: {dependencies: Readonly<Record<string, string>>; setupTransitive: boolean; readLinked: ReadLinked | undefined},
): Promise<Candidate[]> {
  const {packages, changing, links} = installed
  const targets = new Map(linkedPackages(folder, installed).map((link) => [link.name, link]))
  const names = [...new Set([...packages.keys(), ...changing, ...links, ...Object.keys(dependencies)])].sort()
  const found = names.map(async (name): Promise<Candidate[]> => {
    if (links.has(name)) return [await linkedCandidate(name, targets.get(name), readLinked)]
    const known = changing.has(name) ? undefined : packages.get(name)
    if (!known) return [{name, version: null, state: 'fails', reason: 'not installed; run `apkg install`'}]
    const {version} = known
    const {setUp, problem} = await readSetUpPackage(folder.packagePath(name), known)
    if (problem !== undefined) return [{name, version, state: 'fails', reason: `${problem}; run \`apkg install\``}]
    if ('unreadType' in setUp) return [{name, version, state: 'unsupported', reason: unreadReason(setUp.unreadType)}]
    if ('reason' in setUp) return [{name, version, state: 'fails', reason: setUp.reason}]
    if (!setupTransitive && !Object.hasOwn(dependencies, name)) {
      return [{name, version, state: 'skipped', reason: 'transitive dependency, and `setupTransitive` is false'}]
    }
    return [{name, version, setUp}]
  })
  return (await Promise.all(found)).flat()
}

async function linkedCandidate(
  name: string,
  link: LinkedPackage | undefined,
  readLinked: ReadLinked | undefined,
): Promise<Candidate> {
  if (!link || !readLinked) return {name, version: null, state: 'skipped', reason: 'it is linked'}
  const content = await readLinked(link)
  if ('problem' in content) return {name, version: null, state: 'fails', reason: content.problem}
  const {version, files} = content
  const setUp = setUpPackageOf({name, version}, files)
  if ('unreadType' in setUp) return {name, version, state: 'unsupported', reason: unreadReason(setUp.unreadType)}
  if ('reason' in setUp) return {name, version, state: 'fails', reason: setUp.reason}
  return {name, version, setUp}
}

function unread({name, version}: Candidate, tool: string | null, reason: string): CheckedPackage {
  return {package: name, version, tool, state: 'fails', files: [], problems: [{path: null, kind: 'package', reason}]}
}

type CheckContext = PlannedTools & {owned: ReadonlyMap<string, OwnedFile>}

async function checkPackage(
  project: string,
  setUp: SetUpPackage,
  tool: Tool,
  {owned, ...planned}: CheckContext,
): Promise<CheckedPackage> {
  const plan = planSetup([setUp], planned)
  const files = [...plan.files.values()].filter((file) => file.tools.includes(tool.name))
  const refused = plan.unsupported.filter((each) => each.tool === tool.name)
  const checked = {package: setUp.name, version: setUp.version, tool: tool.name}
  const placed = [...owned.values()].filter(
    ({path: file, package: name, tools}) =>
      name === setUp.name && tools.includes(tool.name) && inspectPath(project, file).kind === 'file',
  )
  if (files.length === 0) {
    const reasons = refused.map(({reason}): LoadProblem => ({path: null, kind: 'package', reason}))
    const {state, files} = checkUnplanned(setUp, tool, placed, planned)
    const earlier = files.map((file): LoadProblem => ({
      path: file,
      kind: 'outdated',
      reason: 'run `apkg setup` to remove it',
    }))
    return {...checked, state, files, problems: [...reasons, ...earlier]}
  }
  const elsewhere = placed.filter((each) => !plan.files.has(each.path))
  const each: CheckedFile[] = []
  for (const planned of files) each.push(await checkFile(project, setUp, tool, planned, {owned, elsewhere}))
  const found = each.flatMap((file) => file.found ?? [])
  const problems = each.flatMap((file) => file.problems ?? [])
  const outdated = each.flatMap((file) => file.outdated ?? [])
  if (found.length === 0)
    problems.push({path: null, kind: 'package', reason: `${tool.title} does not read any of its files`})
  const isEdited = each.some((file) => file.isEdited)
  const state = problems.length > 0 ? 'fails' : isEdited ? 'modified' : outdated.length > 0 ? 'outdated' : 'loads'
  return {...checked, state, files: found, problems: [...problems, ...outdated]}
}

/** A package that the tool would get no files from. It may still have some from an earlier setup. */
function checkUnplanned(
  setUp: SetUpPackage,
  tool: Tool,
  placed: readonly OwnedFile[],
  {tools, isPresent = () => false}: PlannedTools,
): Pick<CheckedPackage, 'state' | 'files'> {
  const isHidden = setUp.type === 'rule' && whyRulesAreUnread(tools, isPresent).has(tool.name)
  if (isHidden) return {state: placed.length > 0 ? 'fails' : 'unsupported', files: []}
  const files = placed.map((each) => each.path).filter((file) => doesRead(tool, setUp, file))
  return {state: files.length > 0 ? 'outdated' : 'unsupported', files}
}

/** The result for one file. */
interface CheckedFile {
  /** Its path, if the tool reads it. */
  found?: string | undefined
  problems?: LoadProblem[]
  outdated?: LoadProblem[]
  isEdited?: boolean
}

/** @param elsewhere the files that apkg wrote for the same package and tool at places where they don't belong now. */
async function checkFile(
  project: string,
  setUp: SetUpPackage,
  tool: Tool,
  planned: PlannedFile,
  {owned, elsewhere}: {owned: ReadonlyMap<string, OwnedFile>; elsewhere: readonly OwnedFile[]},
): Promise<CheckedFile> {
  const {path: file} = planned
  const isRead = doesRead(tool, setUp, seenBy(tool, planned))
  const state = inspectPath(project, file)
  const earlier = state.kind === 'absent' ? earlierPlace(elsewhere, planned, setUp) : undefined
  if (earlier) {
    const isFoundThere = doesRead(tool, setUp, earlier.path)
    const reason = `belongs at ${file} now; run \`apkg setup\``
    if (!isRead || isFoundThere) {
      return {found: isRead ? earlier.path : undefined, outdated: [{path: earlier.path, kind: 'outdated', reason}]}
    }
    return {
      problems: [{path: earlier.path, kind: 'unread', reason: `${tool.title} does not read it there; it ${reason}`}],
    }
  }
  const found = isRead ? file : undefined
  if (state.kind !== 'file') {
    if (state.kind === 'absent') return {found, problems: [missing(file)]}
    const reason = state.kind === 'blocked' ? state.refusal.reason : 'it is a directory'
    return {found, problems: [{path: file, kind: 'unread', reason}]}
  }
  const problems = isRead ? await whyIgnored(project, setUp, tool, planned) : []
  if (state.sha256 === planned.sha256) return {found, problems}
  const known = owned.get(file)
  if (!known?.sha256.includes(state.sha256)) return {found, problems, isEdited: true}
  return {found, problems, outdated: [{path: file, kind: 'outdated', reason: whyOutdated(known, planned)}]}
}

function doesRead(tool: Tool, {type}: SetUpPackage, file: string): boolean {
  return isPluginTool(tool) || isFound(tool, type, file)
}

/** Why an unmodified file isn't what would be written now. */
function whyOutdated({version}: OwnedFile, planned: PlannedFile): string {
  const writer = version === planned.version ? 'by an earlier release of apkg' : `for version ${version}`
  return `written ${writer}; run \`apkg setup\``
}

/** Where a tool finds a file. */
function seenBy({name}: Tool, {path: file, seenAs}: PlannedFile): string {
  return seenAs.get(name) ?? file
}

function missing(file: string): LoadProblem {
  return {path: file, kind: 'missing', reason: 'missing'}
}

async function whyIgnored(
  project: string,
  {type}: SetUpPackage,
  tool: Tool,
  planned: PlannedFile,
): Promise<LoadProblem[]> {
  const {path: file} = planned
  const text = await textOf(project, file)
  if (typeof text === 'object') return [text]
  if (isPluginTool(tool)) return []
  const problems = loadProblems(tool, type, seenBy(tool, planned), text)
  if (type === 'rule' && !isUnsupported(tool.rules) && tool.rules.isListed === true) {
    const agents = await textOf(project, agentsFile)
    const read = typeof agents === 'string' ? Buffer.from(agents).toString('utf8', 0, maxAgentsSize) : ''
    if (!listsRule(read, file))
      problems.push(`${tool.title} only reads rules listed in ${agentsFile}, and this one is not listed`)
  }
  return problems.map((reason) => ({path: file, kind: 'unread', reason}))
}

async function textOf(project: string, file: string): Promise<string | LoadProblem> {
  try {
    return (await readBounded(path.join(project, ...file.split('/')), maxTextSize)).toString('utf8')
  } catch (error) {
    return isAbsent(error) ? missing(file) : {path: file, kind: 'unread', reason: errorReason(error)}
  }
}
