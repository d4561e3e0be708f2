import {readFile} from 'node:fs/promises'
import {fileURLToPath} from 'node:url'

import {isReported, processPorts, reportError} from '@apkg/command-kit'
import {flush, run, settings, type Interfaces} from '@oclif/core'

import {normaliseArgv} from './global-flags.js'

/**
 * Runs the command line.
 *
 * @param root the package's folder.
 * @param options.beside names of plugins that stand beside ours in a checkout, to be loaded too.
 */
export async function main(root: URL, {beside}: {beside?: string[]} = {}): Promise<void> {
  const argv = normaliseArgv(process.argv.slice(2))
  const json = argv.includes('--json')
  try {
    const pjson = JSON.parse(await readFile(new URL('package.json', root), 'utf8')) as Interfaces.PJSON
    if (['-v', '-V', '--version'].includes(argv[0] ?? '')) {
      await processPorts.stdout.write(`apkg ${pjson.version}\n`)
      return
    }
    settings.enableAutoTranspile = false
    const folder = fileURLToPath(root)
    const plugins = beside && (await (await import('./checkout.js')).checkoutPlugins(folder, pjson, beside))
    await run(argv, {root: folder, pjson, ...(plugins && {plugins})})
    await flush()
  } catch (error) {
    process.exitCode = isReported(error) ? process.exitCode : (await reportError(error, processPorts, {json})).exitCode
  }
}
