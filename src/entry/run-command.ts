import {Config, flush, run, settings, type Interfaces} from '@oclif/core'

import type {RunOptions} from './help.js'
import {loadPlugins} from './plugins/load-plugins.js'
import {ignoreLostTalk, reportLostOutput} from './report-failure.js'

/** The plugins that are ours, and where `apkg plugins` keeps those of the user. */
export type OwnPlugins = Pick<Interfaces.Config, 'plugins' | 'dataDir'>

export interface Start {
  json: boolean
  /** The package's folder. */
  root: string
  pjson: Interfaces.PJSON
  /** Where it is absent, oclif reads `package.json` and the manifests. */
  ownPlugins?: ((root: string, pjson: Interfaces.PJSON) => Promise<OwnPlugins>) | undefined
}

/**
 * Runs a command by oclif, with the plugins of the user.
 *
 * @param argv the command's words, and what follows them.
 */
export async function runCommand(argv: string[], {json, root, pjson, ownPlugins}: Start): Promise<void> {
  reportLostOutput(json)
  ignoreLostTalk()
  settings.enableAutoTranspile = false
  // oclif would look for the colors of its own help at each start; ours has none.
  process.env['APKG_DISABLE_THEME'] ??= '1'
  const plugins = await loadPlugins(await (ownPlugins?.(root, pjson) ?? Config.load({root, pjson, userPlugins: false})))
  const options: RunOptions = {root, pjson, plugins, json}
  await run(argv, options)
  await flush()
}
