import {createHash} from 'node:crypto'
import {existsSync} from 'node:fs'

import {isApkgError, readConfig, errorReason} from '@apkg/command-kit'

import {ensureLedgerKey, readLedgerKey} from '../project/installation/ledger-key.js'
import {readLedger, type Ledger} from '../project/installation/ledger.js'
import {PackagesFolder} from '../project/installation/packages-folder.js'
import {withProjectLock} from '../project/installation/project-lock.js'
import {withStaging} from '../project/installation/staging.js'
import {readProject} from '../project/read-project.js'
import {readTrust} from '../trust/trust.js'
import {chooseTools, type ToolSelection} from './choose-tools.js'
import {
  isEmptySetupLedger,
  readSetupLedger,
  setupLedgerFile,
  writeSetupLedger,
  type SetupLedger,
} from './setup-ledger.js'
import {noSetup, type SetupReport} from './setup-report.js'
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
  /** Packages that were removed from the project, whose unmanaged leftover files are reported. */
  gone?: readonly string[]
}

/**
 * Part of `basis`. Files that an earlier version wrote stay until `upgrades`, so it's only incremented if they must not.
 */
const formatVersion = 2

/**
 * Makes the files of tools match the installed packages: writes missing files, removes those of packages that are no
 * longer installed, and keeps what apkg did not create. Tools that are not selected keep the files of installed packages.
 *
 * The packages are already installed, so errors are reported as the report's `problem` and not thrown.
 */
export async function setUpTools(options: SetupOptions): Promise<SetupReport> {
  if (options.selection.none) return noSetup
  try {
    const report = await setUp(options)
    if (!options.gone?.length) return report
    const {findLeftovers, withLeftovers} = await import('./leftovers.js')
    return {...report, left: withLeftovers(report.left, findLeftovers(options.project, options.gone))}
  } catch (error) {
    return {...noSetup, problem: isApkgError(error) ? error.message : errorReason(error)}
  }
}

/**
 * As `setUpTools`, but requires a project, checks all files and throws errors.
 *
 * @throws {ApkgError} the errors of `readProject`, `readConfig`, `readTrust` and `syncToolFiles`; `STORE_LOCKED`.
 */
export async function repairSetup(options: Omit<SetupOptions, 'repairs' | 'gone'>): Promise<SetupReport> {
  await readProject(options.project)
  return setUp({...options, repairs: true})
}

async function setUp({
  project,
  home,
  selection,
  more = [],
  repairs = false,
  upgrades = repairs,
}: SetupOptions): Promise<SetupReport> {
  const config = await readConfig(home)
  const {dependencies, tools} = (await readProject(project)).manifest
  const {names, explicit} = chooseTools(selection, {project: tools, user: config.defaultSetup ?? {}}, project, more)
  const folder = new PackagesFolder(project)
  const ledgerFile = setupLedgerFile(folder.root)
  if (names.length === 0 && !existsSync(ledgerFile)) return noSetup
  const {setupTransitive} = await readTrust(home)
  const linksClaudeMd = config.symlinkClaudeMd === true
  const inputs = {names, explicit, setupTransitive, linksClaudeMd}
  const known = await readLedgers(folder, ledgerFile, home)
  if (known.installed.packages.size === 0 && isEmptySetupLedger(known.before)) return {...noSetup, tools: names}
  if (!upgrades && known.before.basis !== undefined && known.before.basis === basisOf(known.installed, inputs)) {
    return {...noSetup, tools: names}
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
      const sync = {project, folder, staging, installed, dependencies, more, repairs, save, ...inputs}
      const {report, after} = await syncToolFiles(sync, before)
      await save({...after, basis: basisOf(installed, inputs)})
      return report
    }),
  )
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

/** Undefined if the installed packages are unknown. */
function basisOf({basis, links}: Ledger, {explicit, ...inputs}: {explicit: ReadonlySet<string>}): string | undefined {
  if (basis === undefined) return undefined
  return createHash('sha256')
    .update(JSON.stringify([formatVersion, basis, [...links].sort(), inputs, ...explicit]))
    .digest('hex')
}
