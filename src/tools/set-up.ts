import {createHash} from 'node:crypto'
import {existsSync} from 'node:fs'
import {rm} from 'node:fs/promises'

import {errorReason, exitCodes, isApkgError, nearestOf, readConfig, type ExitCode} from '@apkg/command-kit'

import {ensureLedgerKey, readLedgerKey} from '../files/ledger-key.js'
import {readLedger, type Ledger} from '../project/installation/ledger.js'
import {PackagesFolder} from '../project/installation/packages-folder.js'
import {withProjectLock} from '../project/installation/project-lock.js'
import {withStaging} from '../project/installation/staging.js'
import {failure} from '../project/failures.js'
import {readProject} from '../project/read-project.js'
import {readTrust} from '../trust/trust-store.js'
import {chooseTools, type ToolSelection} from './choose-tools.js'
import {
  isEmptySetupLedger,
  readSetupLedger,
  setupLedgerFile,
  writeSetupLedger,
  type SetupLedger,
} from './setup-ledger.js'
import {noSetup, type SetupReport} from './setup-report.js'
import {isRefused} from './left-file.js'
import type {ReadLinked} from './linked-content.js'
import type {PluginTool} from './tool.js'

export interface SetupOptions {
  /** The project's directory, absolute. */
  project: string
  /** The user's home directory. */
  home: string
  selection: ToolSelection
  /** Tools of plugins. */
  more?: readonly PluginTool[]
  /** Whether to check all files, even if nothing was installed or removed since the last time. */
  repairs?: boolean
  /** Whether to replace files that an earlier version of apkg wrote in another format or place. */
  upgrades?: boolean
  /** Reads linked packages. If undefined, their tool files stay as they are. */
  readLinked?: ReadLinked
  /** Packages that were removed from the project, whose unmanaged leftover files are reported. */
  gone?: readonly string[]
}

/**
 * Part of `basis`. Files in an earlier format stay until `upgrades`. Increment this only if they must be replaced
 * sooner.
 */
const formatVersion = 2

/**
 * Makes the files of tools match the installed packages: writes missing files, removes those of packages that are no
 * longer installed, and keeps what apkg did not create. Tools that are not selected keep the files of installed packages.
 *
 * The packages are already installed, so errors are reported as the report's `problem` and not thrown.
 */
export async function setUpTools(options: SetupOptions): Promise<SetupReport> {
  const {project, home, selection, gone = []} = options
  if (selection.none) return noSetup
  try {
    const hasLedger = gone.length > 0 && (await hasSetupLedger(project, home))
    const {planned: _, ...report} = await setUp(options)
    if (gone.length === 0) return report
    const {findLeftovers, withLeftovers} = await import('./leftovers.js')
    const needed = Object.keys((await readProject(project)).manifest.dependencies)
    return {...report, left: withLeftovers(report.left, findLeftovers(project, gone, {hasLedger, needed}))}
  } catch (error) {
    return {...noSetup, problem: isApkgError(error) ? error.message : errorReason(error)}
  }
}

/** Whether a project has a ledger that lists what apkg created for tools. */
async function hasSetupLedger(project: string, home: string): Promise<boolean> {
  const file = setupLedgerFile(new PackagesFolder(project).root)
  const ledger = await readSetupLedger(file, await readLedgerKey(home))
  return ledger.basis !== undefined || !isEmptySetupLedger(ledger)
}

/**
 * As `setUpTools`, but requires a project and its packages, checks all files and throws errors.
 *
 * @returns `planned`: how many files there should be. `exit`: partial if some files were refused, failed if all were.
 * @throws {ApkgError} `INSTALLATION_UNKNOWN`; the errors of `readProject`, `readConfig`, `readTrust` and `syncToolFiles`;
 *   `STORE_LOCKED`.
 */
export async function repairSetup(
  options: Omit<SetupOptions, 'repairs' | 'gone'>,
): Promise<{report: SetupReport; planned: number; exit: ExitCode}> {
  await readProject(options.project)
  const {planned = 0, ...report} = await setUp({...options, repairs: true})
  const refused = report.left.filter(isRefused)
  const isPartial = report.removed.length > 0 || refused.filter(({isOrphan}) => !isOrphan).length < planned
  const exit = refused.length === 0 ? exitCodes.done : isPartial ? exitCodes.partial : exitCodes.failed
  return {report, planned, exit}
}

async function setUp({
  project,
  home,
  selection,
  more = [],
  repairs = false,
  upgrades = repairs,
  readLinked,
}: SetupOptions): Promise<SetupReport & {planned?: number}> {
  const config = await readConfig(home)
  const {dependencies, tools} = (await readProject(project)).manifest
  const preferences = {project: tools, user: config.defaultSetup ?? {}}
  const {
    names,
    explicit,
    isDetected,
    isFallback,
    known: all,
    unknown,
  } = chooseTools(selection, preferences, project, more)
  const chosen = {isDetected, isFallback, unknown, nearest: await nearestTools(unknown, all)}
  const nothing = {...noSetup, tools: names, ...chosen}
  const folder = new PackagesFolder(project)
  const ledgerFile = setupLedgerFile(folder.root)
  if (names.length === 0 && !existsSync(ledgerFile)) return nothing
  const {setupTransitive} = await readTrust(home)
  const linksClaudeMd = config.symlinkClaudeMd === true
  const inputs = {names, explicit, setupTransitive, linksClaudeMd}
  const known = await readLedgers(folder, ledgerFile, home)
  const readsLinks = readLinked !== undefined && known.installed.links.size > 0
  if (known.installed.packages.size === 0 && !readsLinks && isEmptySetupLedger(known.before)) {
    if (repairs) await assertInstalled(folder, known.installed, project)
    if (existsSync(ledgerFile)) await withProjectLock(folder, () => rm(ledgerFile, {force: true}))
    return nothing
  }
  if (
    !upgrades &&
    !readsLinks &&
    known.before.basis !== undefined &&
    known.before.basis === basisOf(known.installed, inputs)
  ) {
    return nothing
  }
  const {syncToolFiles} = await import('./sync-tool-files.js')
  return withProjectLock(folder, (lock) =>
    withStaging(folder, async (staging) => {
      const {installed, before} = await readLedgers(folder, ledgerFile, home)
      const key = await ensureLedgerKey(home)
      const save = (ledger: SetupLedger) => {
        lock.assertHeld()
        return writeSetupLedger(ledgerFile, ledger, {key, staging})
      }
      const sync = {
        project,
        folder,
        staging,
        installed,
        dependencies,
        more,
        repairs,
        upgrades,
        readLinked,
        save,
        ...inputs,
      }
      const {report, after, planned} = await syncToolFiles(sync, before)
      // Without a basis, an empty ledger is removed.
      const basis = installed.packages.size > 0 ? basisOf(installed, inputs) : undefined
      await save({...after, basis})
      return {...report, ...chosen, planned}
    }),
  )
}

/**
 * Asserts that a project without packages in its ledger needs none.
 *
 * @throws {ApkgError} `INSTALLATION_UNKNOWN` if the ledger is missing, or was written with the key of another user
 */
async function assertInstalled(folder: PackagesFolder, {links}: Ledger, project: string): Promise<void> {
  const {dependencies} = (await readProject(project)).manifest
  const missing = Object.keys(dependencies).filter((name) => !links.has(name))
  const found = folder.present().filter((name) => !links.has(name))
  if (missing.length === 0 && found.length === 0) return
  throw failure('INSTALLATION_UNKNOWN', {folder: folder.root, isEmpty: found.length === 0})
}

async function readLedgers(
  folder: PackagesFolder,
  ledgerFile: string,
  home: string,
): Promise<{installed: Ledger; before: SetupLedger}> {
  const key = await readLedgerKey(home)
  const [installed, before] = await Promise.all([readLedger(folder.ledgerFile, key), readSetupLedger(ledgerFile, key)])
  return {installed, before}
}

async function nearestTools(unknown: readonly string[], known: readonly string[]): Promise<Record<string, string>> {
  const nearest = await Promise.all(unknown.map(async (name) => [name, await nearestOf(name, known)] as const))
  return Object.fromEntries(nearest.flatMap(([name, meant]) => (meant === undefined ? [] : [[name, meant]])))
}

/** Undefined if the installed packages are unknown. */
function basisOf({basis, links}: Ledger, {explicit, ...inputs}: {explicit: ReadonlySet<string>}): string | undefined {
  if (basis === undefined) return undefined
  return createHash('sha256')
    .update(JSON.stringify([formatVersion, basis, [...links].sort(), inputs, ...explicit]))
    .digest('hex')
}
