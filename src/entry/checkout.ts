import {Config, Plugin} from '@oclif/core'

import type {Entry} from './main.js'

/**
 * Loads the command line of a checkout, and the plugins that stand beside it, from their sources' build and not from
 * their manifests, which hide a new command while they are old.
 *
 * @param beside names of the plugins that stand beside ours.
 */
export function checkoutWith(beside: string[]): Required<Entry>['ownPlugins'] {
  return async (root, pjson) => {
    const config = await Config.load({root, pjson, userPlugins: false})
    for (const options of [{isRoot: true}, ...beside.map((name) => ({name}))]) {
      const plugin = new Plugin({...options, root, type: 'core', ignoreManifest: true})
      await plugin.load()
      config.plugins.set(plugin.name, plugin)
    }
    return config
  }
}
