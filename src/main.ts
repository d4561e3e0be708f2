import {readFile} from 'node:fs/promises'
import {fileURLToPath} from 'node:url'

import {exitCodes, failure, isReported, processPorts, reasonOf, reportError} from '@apkg/command-kit'
import {flush, run, settings, type Interfaces} from '@oclif/core'

import {namesNoCommand, normaliseArgv} from './global-flags.js'

/**
 * Runs the command line.
 *
 * @param root the package's folder.
 * @param options.beside names of plugins that stand beside ours in a checkout, to be loaded too.
 */
export async function main(root: URL, {beside}: {beside?: string[]} = {}): Promise<void> {
  const argv = normaliseArgv(process.argv.slice(2))
  const json = argv.includes('--json')
  reportLostOutput(json)
  try {
    const pjson = JSON.parse(await readFile(new URL('package.json', root), 'utf8')) as Interfaces.PJSON
    if (['-v', '-V', '--version'].includes(argv[0] ?? '')) {
      await show(json ? `${JSON.stringify({version: pjson.version})}\n` : `apkg ${pjson.version}\n`)
      return
    }
    if (json && namesNoCommand(argv))
      throw failure('USAGE', {message: 'No command was given', suggestions: ['run `apkg help`']})
    settings.enableAutoTranspile = false
    const folder = fileURLToPath(root)
    const plugins = beside && (await (await import('./checkout.js')).checkoutPlugins(folder, pjson, beside))
    await run(namesNoCommand(argv) ? ['--help'] : argv, {root: folder, pjson, ...(plugins && {plugins})})
    await flush()
  } catch (error) {
    process.exitCode = isReported(error) ? process.exitCode : (await reportError(error, processPorts, {json})).exitCode
  }
}

async function show(text: string): Promise<void> {
  try {
    await processPorts.stdout.write(text)
  } catch (error) {
    throw failure('OUTPUT_FAILED', {reason: reasonOf(error)}, {cause: error})
  }
}

/** oclif writes help past our ports, and throws out of an event what it cannot write: a stack in the user's face. */
function reportLostOutput(json: boolean): void {
  process.stdout.removeAllListeners('error').on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return
    process.exitCode = exitCodes.failed
    void reportError(failure('OUTPUT_FAILED', {reason: reasonOf(error)}), processPorts, {json})
  })
}
