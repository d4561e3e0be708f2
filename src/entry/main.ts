import {readFile} from 'node:fs/promises'
import {fileURLToPath} from 'node:url'

import type {Interfaces} from '@oclif/core'

import {hasNoCommand, normalizeArgv} from './global-flags.js'
import {reportFailure, reportLostOutput} from './report-failure.js'
import type {OwnPlugins} from './run-command.js'

export interface Entry {
  /** What `package.json` says, where it was read before. */
  pjson?: Interfaces.PJSON
  /** Where it is absent, oclif reads `package.json` and the manifests. */
  ownPlugins?: (root: string, pjson: Interfaces.PJSON) => Promise<OwnPlugins>
}

/** How long what a plugin left running may hold up the end, in milliseconds. */
const graceAfterEnd = 500

/**
 * Runs the command line. What it needs is imported when it is needed: the version needs nothing.
 *
 * @param root the package's folder.
 */
export async function main(root: URL, entry: Entry = {}): Promise<void> {
  const typed = process.argv.slice(2)
  const argv = normalizeArgv(typed)
  const json = typed.includes('--json')
  reportLostOutput(json)
  process.on('uncaughtException', (error) => {
    reportUncaught(error, json).catch(() => {
      // What would report it is missing or broken itself.
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
    const {runCommand} = await import('./run-command.js')
    const command = hasNoCommand(argv) ? ['start', ...argv] : argv
    await runCommand(command, {...entry, json, root: fileURLToPath(root), pjson})
  } catch (error) {
    if (process.env['DEBUG']) await showOrigin(error)
    await reportFailure(error, json)
  }
  setTimeout(() => process.exit(), graceAfterEnd).unref()
}

/** Whether an error that nobody waits for is ending the process: where there are several, the first is the one to tell. */
let isEnding = false

/**
 * An error that nobody waits for. Of a plugin's it is known, and the command goes on; after one of ours nothing is. A
 * command that listens for such errors, as a server does, ends in its own way.
 */
async function reportUncaught(error: unknown, json: boolean): Promise<void> {
  const isHandled = process.listenerCount('uncaughtException') > 1
  const [{runningPlugin}, {reasonOf, warnOf}] = await Promise.all([
    import('./plugins/in-bounds.js'),
    import('./plugins/trouble.js'),
  ])
  const plugin = runningPlugin()
  if (plugin) {
    await warnOf(plugin, `failed: ${reasonOf(error)}`)
    return
  }
  if (isHandled || isEnding) return
  isEnding = true
  if (process.env['DEBUG']) await showOrigin(error)
  await reportFailure(error, json)
  // A pipe that broke elsewhere is not the reader of ours who has gone, which is no failure.
  process.exit(process.exitCode || 1)
}

/** A command that is built on the kit has done it already. */
async function showOrigin(error: unknown): Promise<void> {
  const [{getLogger}, {isReported}] = await Promise.all([import('@oclif/core'), import('@apkg/command-kit')])
  if (!isReported(error)) getLogger('apkg:main').debug(error)
}
