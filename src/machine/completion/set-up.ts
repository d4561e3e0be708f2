import {readFileSync} from 'node:fs'
import path from 'node:path'

import {isAbsent, makeFolder, errorReason, StateFolder, type Ports} from '@apkg/command-kit'

import {failure} from '../failures.js'
import {replaceFile} from '../../files/replace-file.js'
import {addLine, fishFolder, fileContains, startUpFile} from '../shell-path/start-up-file.js'
import {completionScript, shells, type Shell} from './shell.js'

/** How completion is set up in a shell. */
export interface CompletionSetUp {
  shell: Shell
  /**
   * `updated`: an outdated script was replaced. `present`: completion was already set up. `manual`: nothing was changed;
   * add the line yourself.
   */
  status: 'added' | 'updated' | 'present' | 'manual'
  /** Absolute path of the completion script; null if the shell doesn't need one or nothing was changed. */
  script: string | null
  /** Your shell's startup file; null if it is unknown or not needed. */
  file: string | null
  /** The line for the startup file. */
  line: string
}

export type SetUpPlan = Omit<CompletionSetUp, 'status'>

/** The lines that set up completion without a script file. */
const manualLines: Readonly<Record<Shell, string>> = {
  bash: 'source <(apkg completions bash)',
  zsh: 'source <(apkg completions zsh)',
  fish: 'apkg completions fish | source',
  powershell: 'apkg completions powershell | Out-String | Invoke-Expression',
}

/**
 * The given shell, or the user's.
 *
 * @throws {ApkgError} `INPUT_MISSING` if it can't be determined.
 */
export function shellOf(named: string | undefined, env: NodeJS.ProcessEnv): Shell {
  const {SHELL, PSModulePath} = env
  const own = SHELL === undefined && PSModulePath !== undefined ? 'powershell' : path.basename(SHELL ?? '')
  const shell = shells.find((each) => each === (named ?? own))
  if (shell !== undefined) return shell
  const because = "it can't be determined from SHELL"
  throw failure('INPUT_MISSING', {
    missing: 'No shell was given',
    because,
    supply: `pass its name: ${shells.join(', ')}`,
  })
}

/**
 * Determines which files the setup writes. bash and zsh need a line in their startup file that loads the script; fish finds
 * the script by itself. Only PowerShell knows where its profile is.
 *
 * @throws {ApkgError} `HOME_UNUSABLE`.
 */
export function setUpPlan(shell: Shell, {home, env}: Pick<Ports, 'home' | 'env'>): SetUpPlan {
  const line = manualLines[shell]
  if (shell === 'powershell') return {shell, script: null, file: null, line}
  if (shell === 'fish') {
    return {shell, script: path.join(fishFolder(home, env), 'completions', 'apkg.fish'), file: null, line}
  }
  const script = path.join(new StateFolder(home).path, 'completion', `apkg.${shell}`)
  return {shell, script, file: startUpFile(shell, home, env) ?? null, line: sourceLine(shell)}
}

/** Checks for the shell, because other shells read `.profile` too, and for the script, because it may have been deleted. */
function sourceLine(shell: string): string {
  const script = `"$HOME/.apkg/completion/apkg.${shell}"`
  return `[ -n "$${shell.toUpperCase()}_VERSION" ] && [ -r ${script} ] && . ${script}`
}

/**
 * Whether completion is set up.
 *
 * @throws {ApkgError} `FILE_UNREADABLE`.
 */
export function setUpState({shell, script, file}: SetUpPlan): 'present' | 'outdated' | 'absent' {
  if (script === null) return 'absent'
  const present = textOf(script)
  if (present === undefined || (file !== null && !fileContains(file, `.apkg/completion/apkg.${shell}`))) return 'absent'
  return present === completionScript(shell) ? 'present' : 'outdated'
}

/**
 * Sets up completion. Nothing that already exists is changed, except an outdated script.
 *
 * @throws {ApkgError} `FILE_UNMANAGED`, `FILE_UNREADABLE`, `FILE_UNWRITABLE`.
 */
export async function setUpCompletion(plan: SetUpPlan): Promise<CompletionSetUp> {
  const {shell, script, file, line} = plan
  const state = setUpState(plan)
  if (script === null) return {...plan, status: 'manual'}
  if (state === 'present') return {...plan, status: 'present'}
  await writeScript(script, completionScript(shell))
  if (file !== null && !fileContains(file, `.apkg/completion/apkg.${shell}`)) await addLine(file, line)
  return {...plan, status: state === 'outdated' ? 'updated' : 'added'}
}

/** The result if the user declines. */
export function manualSetUp(plan: SetUpPlan): CompletionSetUp {
  return {...plan, status: 'manual', script: null, line: manualLines[plan.shell]}
}

async function writeScript(script: string, text: string): Promise<void> {
  const [firstLine = ''] = text.split('\n', 1)
  const present = textOf(script)
  if (present !== undefined && !present.startsWith(firstLine)) {
    throw failure('FILE_UNMANAGED', {path: script})
  }
  try {
    makeFolder(path.dirname(script))
  } catch (error) {
    throw failure('FILE_UNWRITABLE', {path: script, reason: errorReason(error)}, {cause: error})
  }
  await replaceFile(script, text)
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw failure('FILE_UNREADABLE', {path: file, reason: errorReason(error)}, {cause: error})
  }
}
