import {readFile} from 'node:fs/promises'
import {fileURLToPath} from 'node:url'

import {isReported, processPorts, reportError} from '@apkg/command-kit'
import {flush, run, settings, type Interfaces} from '@oclif/core'

import {normaliseArgv} from './global-flags.js'

/**
 * Runs the command line.
 *
 * @param root the package's folder.
 * @param options.withPlugins names of further plugins to load; their presence makes this a checkout's entry, which
 *   ignores manifests.
 */
export async function main(root: URL, {withPlugins = []}: {withPlugins?: string[]} = {}): Promise<void> {
  const argv = normaliseArgv(process.argv.slice(2))
  const json = argv.includes('--json')
  try {
    const pjson = await packageJson(root, withPlugins)
    if (['-v', '-V', '--version'].includes(argv[0] ?? '')) {
      await processPorts.stdout.write(`apkg ${pjson.version}\n`)
      return
    }
    settings.enableAutoTranspile = false
    await run(argv, {root: fileURLToPath(root), pjson, ...(withPlugins.length > 0 && {ignoreManifest: true})})
    await flush()
  } catch (error) {
    process.exitCode = isReported(error) ? process.exitCode : (await reportError(error, processPorts, {json})).exitCode
  }
}

async function packageJson(root: URL, withPlugins: string[]): Promise<Interfaces.PJSON> {
  const pjson = JSON.parse(await readFile(new URL('package.json', root), 'utf8')) as Interfaces.PJSON
  if (withPlugins.length > 0) {
    pjson.dependencies = {...pjson.dependencies, ...Object.fromEntries(withPlugins.map((name) => [name, '*']))}
    pjson.oclif.plugins = [...(pjson.oclif.plugins ?? []), ...withPlugins]
  }
  return pjson
}
