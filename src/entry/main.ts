import {readFile} from 'node:fs/promises'
import {fileURLToPath} from 'node:url'

import type {Interfaces} from '@oclif/core'

import {completeEnvironment, turnOffColors} from './complete-environment.js'
import {hasNoCommand, normalizeArgv} from './global-flags.js'
import {reportFailure, reportLostOutput} from './report-uncaught.js'
import type {OwnPlugins} from './run-oclif.js'

export interface Entry {
  /** `package.json`, if it was already read. */
  pjson?: Interfaces.PJSON
  /** Undefined makes oclif read `package.json` and the manifests. */
  ownPlugins?: (root: string, pjson: Interfaces.PJSON) => Promise<OwnPlugins>
}

/** How long anything that a plugin left running can delay the exit, in milliseconds. */
const exitDelay = 500

/**
 * Runs the CLI. Imports are lazy: `--version` needs none of them.
 *
 * @param root the package's directory.
 */
export async function main(root: URL, entry: Entry = {}): Promise<void> {
  completeEnvironment(process.env)
  turnOffColors(process.env, process.stdout.isTTY && process.stderr.isTTY)
  const typed = process.argv.slice(2)
  const argv = normalizeArgv(typed)
  const json = typed.includes('--json')
  reportLostOutput(json)
  process.on('uncaughtException', (error) => {
    reportUncaught(error, json).catch(() => {
      // The reporter itself is missing or broken.
      console.error(error)
      process.exit(1)
    })
  })
  try {
    const pjson = entry.pjson ?? (JSON.parse(await readFile(new URL('package.json', root), 'utf8')) as Interfaces.PJSON)
    if (['-v', '-V', '--version'].includes(argv[0] ?? '')) {
      const {version} = pjson
      process.stdout.write(json ? `${JSON.stringify({version})}\n` : `apkg ${version}\n`)
      return
    }
    const {runOclif} = await import('./run-oclif.js')
    const command = hasNoCommand(argv) ? ['start', ...argv] : argv
    await runOclif(command, {...entry, json, root: fileURLToPath(root), pjson})
  } catch (error) {
    if (process.env['DEBUG']) await showOrigin(error)
    await reportFailure(error, json)
  }
  setTimeout(() => process.exit(), exitDelay).unref()
}

/** Whether an uncaught error is already ending the process. Only the first is reported. */
let isEnding = false

/**
 * Reports an uncaught error. A plugin's error becomes a warning, and the command continues. An error in apkg itself
 * ends the process, unless the command has its own listener, as the server does.
 */
async function reportUncaught(error: unknown, json: boolean): Promise<void> {
  const isHandled = process.listenerCount('uncaughtException') > 1
  const [{runningPlugin}, {errorLine, warnAboutPlugin}] = await Promise.all([
    import('./plugins/run-guarded.js'),
    import('./plugins/plugin-warning.js'),
  ])
  const plugin = runningPlugin()
  if (plugin) {
    await warnAboutPlugin(plugin, `failed: ${errorLine(error)}`)
    return
  }
  if (isHandled || isEnding) return
  isEnding = true
  if (process.env['DEBUG']) await showOrigin(error)
  await reportFailure(error, json)
  // EPIPE sets no exit code, because a closed stdout isn't a failure. Here it came from another pipe.
  process.exit(process.exitCode || 1)
}

/** Logs where an error was thrown. Commands that are built on the kit have already done so. */
async function showOrigin(error: unknown): Promise<void> {
  const [{getLogger}, {isReported}] = await Promise.all([import('@oclif/core'), import('@apkg/command-kit')])
  if (!isReported(error)) getLogger('apkg:main').debug(error)
}
