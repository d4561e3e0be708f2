import {Config, Plugin} from '@oclif/core'

import type {Entry} from './main.js'

/**
 * Loads the CLI and plugins of a checkout from their build. Their manifests are ignored, because an outdated one hides
 * new commands.
 *
 * @param names the plugins in the same checkout.
 */
export function checkoutWith(names: string[]): Required<Entry>['ownPlugins'] {
  return async (root, pjson) => {
    const config = await Config.load({root, pjson, userPlugins: false})
    for (const options of [{isRoot: true}, ...names.map((name) => ({name}))]) {
      const plugin = new Plugin({...options, root, type: 'core', ignoreManifest: true})
      await plugin.load()
      config.plugins.set(plugin.name, plugin)
    }
    return config
  }
}
