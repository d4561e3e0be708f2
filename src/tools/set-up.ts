import {createHash} from 'node:crypto'
import {existsSync} from 'node:fs'

import {isApkgError, readConfig, reasonOf} from '@apkg/command-kit'

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
import {findLeftovers, withLeftovers} from './leftovers.js'
import type {Tool} from './tool.js'

export interface SetupOptions {
  /** The project's folder, absolute. */
  project: string
  /** The user's home directory. */
  home: string
  wish: ToolSelection
  /** Tools of plugins. */
  more?: readonly Tool[]
  /** Whether everything is looked at, though nothing was installed or removed since the last time. */
  repairs?: boolean
  /** Packages that the project has no longer, of which files are told that no ledger knows. */
  gone?: readonly string[]
}

/** What `basis` depends on beside the project: to be raised when tools get other files of the same package. */
const formatVersion = 2

/**
 * Brings the files of tools in line with the installed packages: writes what is missing, removes what packages that are
 * gone have left, and leaves alone what apkg did not write. A tool that is not chosen keeps what it has, as long as its
 * packages are installed.
 *
 * Packages are installed by then, and stay so: what goes wrong is told as the report's `problem`.
 */
export async function setUpTools(options: SetupOptions): Promise<SetupReport> {
  if (options.wish.none) return noSetup
  try {
    const report = await setUp(options)
    return {...report, left: withLeftovers(report.left, findLeftovers(options.project, options.gone ?? []))}
  } catch (error) {
    return {...noSetup, problem: isApkgError(error) ? error.message : reasonOf(error)}
  }
}

/**
 * As `setUpTools`, of a project that must be there; everything is looked at, though nothing was installed or removed since
 * the last time.
 *
 * @throws {ApkgError} what `readProject` throws, and what keeps tools from being set up.
 */
export async function repairSetup(options: Omit<SetupOptions, 'repairs' | 'gone'>): Promise<SetupReport> {
  await readProject(options.project)
  return setUp({...options, repairs: true})
}

async function setUp({project, home, wish, more = [], repairs = false}: SetupOptions): Promise<SetupReport> {
  const config = await readConfig(home)
  const names = chooseTools(wish, config.defaultSetup ?? {}, project, more)
  const folder = new PackagesFolder(project)
  const ledgerFile = setupLedgerFile(folder.root)
  if (names.length === 0 && !existsSync(ledgerFile)) return noSetup
  const {setupTransitive} = await readTrust(home)
  const linksClaudeMd = config.symlinkClaudeMd === true
  const inputs = {names, setupTransitive, linksClaudeMd}
  const known = await readBoth(folder, ledgerFile, home)
  if (known.installed.packages.size === 0 && isEmptySetupLedger(known.before)) return {...noSetup, tools: names}
  if (!repairs && known.before.basis !== undefined && known.before.basis === basisOf(known.installed, inputs)) {
    return {...noSetup, tools: names}
  }
  const {syncToolFiles} = await import('./sync-tool-files.js')
  return withProjectLock(folder, (lock) =>
    withStaging(folder, async (staging) => {
      const {installed, before} = await readBoth(folder, ledgerFile, home)
      const key = await ensureLedgerKey(home)
      const save = (ledger: SetupLedger) => {
        lock.assertHeld()
        return writeSetupLedger(ledgerFile, ledger, {key, staging})
      }
      const {dependencies} = (await readProject(project)).manifest
      const renewal = {project, folder, staging, installed, dependencies, more, repairs, save, ...inputs}
      const {report, after} = await syncToolFiles(renewal, before)
      await save({...after, basis: basisOf(installed, inputs)})
      return report
    }),
  )
}

async function readBoth(
  folder: PackagesFolder,
  ledgerFile: string,
  home: string,
): Promise<{installed: Ledger; before: SetupLedger}> {
  const key = await readLedgerKey(home)
  const [installed, before] = await Promise.all([readLedger(folder.ledger, key), readSetupLedger(ledgerFile, key)])
  return {installed, before}
}

/** Undefined where it is not known what is installed. */
function basisOf({basis, links}: Ledger, inputs: object): string | undefined {
  if (basis === undefined) return undefined
  return createHash('sha256')
    .update(JSON.stringify([formatVersion, basis, [...links].sort(), inputs]))
    .digest('hex')
}
