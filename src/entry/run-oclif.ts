import {Config, flush, run, settings, type Interfaces} from '@oclif/core'

import type {RunOptions} from './help.js'
import {loadPlugins} from './plugins/load-plugins.js'
import {ignoreClosedStderr, reportLostOutput} from './report-failure.js'

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
  const plugins = await loadPlugins(await (ownPlugins?.(root, pjson) ?? Config.load({root, pjson, userPlugins: false})))
  const options: RunOptions = {root, pjson, plugins, json}
  await run(argv, options)
  await flush()
}
