import {Config, Plugin, type Interfaces} from '@oclif/core'

/**
 * The plugins of a checkout: ours and those that the user installed, and the ones that stand beside ours. Those in the
 * checkout are read from their sources' build and not from their manifests, which hide a new command while they are old.
 *
 * @param root the checkout's folder.
 * @param beside names of the plugins that stand beside ours.
 */
export async function checkoutPlugins(
  root: string,
  pjson: Interfaces.PJSON,
  beside: string[],
): Promise<Map<string, Interfaces.Plugin>> {
  const dependencies = {...pjson.dependencies, ...Object.fromEntries(beside.map((name) => [name, '*']))}
  const oclif = {...pjson.oclif, plugins: [...(pjson.oclif.plugins ?? []), ...beside]}
  const config = await Config.load({root, pjson: {...pjson, dependencies, oclif}})
  const plugins = new Map(config.plugins)
  for (const name of [pjson.name, ...beside]) {
    const present = plugins.get(name)
    if (!present) continue
    const fresh = new Plugin({
      root: present.root,
      type: present.type,
      isRoot: name === pjson.name,
      ignoreManifest: true,
    })
    await fresh.load()
    plugins.set(name, fresh)
  }
  return plugins
}
