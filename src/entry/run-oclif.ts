import {Config, flush, run, settings, type Interfaces} from '@oclif/core'

import type {RunOptions} from './help.js'
import {loadPlugins} from './plugins/load-plugins.js'
import {ignoreClosedStderr, reportLostOutput} from './report-uncaught.js'

/** apkg's own plugins, and the directory of the user's plugins. */
export type OwnPlugins = Pick<Interfaces.Config, 'plugins' | 'dataDir'>

export interface Start {
  json: boolean
  /** The package's directory. */
  root: string
  pjson: Interfaces.PJSON
  /** Undefined makes oclif read `package.json` and the manifests. */
  ownPlugins?: ((root: string, pjson: Interfaces.PJSON) => Promise<OwnPlugins>) | undefined
}

/**
 * Runs a command with oclif and the user's plugins.
 *
 * @param argv the command's words and its arguments.
 */
export async function runOclif(argv: string[], {json, root, pjson, ownPlugins}: Start): Promise<void> {
  reportLostOutput(json)
  ignoreClosedStderr()
  settings.enableAutoTranspile = false
  // Stops oclif from reading a color theme at each start. Our help doesn't use colors.
  process.env['APKG_DISABLE_THEME'] ??= '1'
  // npm's output would be on stdout too.
  if (json && argv[0] === 'plugins') process.env['APKG_NPM_LOG_LEVEL'] = 'silent'
  const own = await (ownPlugins?.(root, pjson) ?? Config.load({root, pjson, userPlugins: false}))
  const plugins = await loadPlugins(own)
  const options: RunOptions = {root, pjson, plugins, json}
  try {
    await run(argv, options)
  } catch (error) {
    throw (await explained(argv, error, {plugins, dataDir: own.dataDir})) ?? error
  }
  await flush()
}

/** What failed in `apkg plugins …`; undefined for other commands. */
async function explained(argv: readonly string[], error: unknown, own: OwnPlugins): Promise<Error | undefined> {
  if (argv[0] !== 'plugins') return undefined
  const {explainFailure} = await import('./plugins/explain-failure.js')
  return explainFailure(argv, error, own)
}
