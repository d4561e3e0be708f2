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
  // Stops oclif from reading a color theme at each start. Our help has no colors.
  process.env['APKG_DISABLE_THEME'] ??= '1'
  const own = await (ownPlugins?.(root, pjson) ?? Config.load({root, pjson, userPlugins: false}))
  const plugins = await loadPlugins(own)
  const options: RunOptions = {root, pjson, plugins, json}
  try {
    await run(argv, options)
  } catch (error) {
    throw (await explained(argv, own)) ?? error
  }
  await flush()
}

const installing = new Set(['install', 'add'])

/** The reason of a failed `apkg plugins install`; undefined for other commands. */
async function explained(argv: readonly string[], {plugins, dataDir}: OwnPlugins): Promise<Error | undefined> {
  const plugin = argv.slice(2).find((word) => !word.startsWith('-'))
  const isInstalling = argv[0] === 'plugins' && installing.has(argv[1] ?? '')
  if (!isInstalling || plugin === undefined) return undefined
  const pluginsRoot = plugins.get('@oclif/plugin-plugins')?.root
  if (pluginsRoot === undefined) return undefined
  const {explainInstallFailure} = await import('./plugins/explain-install-failure.js')
  return explainInstallFailure(plugin, {env: process.env, dataDir, pluginsRoot})
}
