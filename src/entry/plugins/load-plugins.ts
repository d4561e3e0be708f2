import {readFileSync} from 'node:fs'
import path from 'node:path'

import {isAbsent} from '@apkg/command-kit'
import type {Interfaces} from '@oclif/core'

import {shadowedCommands} from './shadowed-commands.js'
import {reasonOf, warn, warnOf} from './trouble.js'
import {UserPlugin} from './user-plugin.js'

type Plugins = Map<string, Interfaces.Plugin>

/**
 * All plugins: ours, and those that the user installed or linked. A plugin of the user's that cannot be loaded in time is
 * left out, and one with a command that is there already goes without it; a warning says so.
 *
 * oclif would load them by itself, without a limit of time and with warnings of Node's own.
 *
 * @param config `plugins`: ours; `dataDir`: where `apkg plugins` keeps its list.
 */
export async function loadPlugins({
  plugins: ours,
  dataDir,
}: Pick<Interfaces.Config, 'plugins' | 'dataDir'>): Promise<Plugins> {
  const listed = await readList(dataDir)
  const loaded = (await Promise.all(listed.map((options) => load({root: dataDir, ...options})))).flat()
  const added = loaded.filter(({name}) => ours.get(name)?.isRoot !== true)
  const plugins = new Map([...ours, ...added.map((plugin) => [plugin.name, plugin] as const)])
  for (const {plugin, command, owner} of shadowedCommands([...plugins.values()])) {
    const other = owner instanceof UserPlugin ? `the plugin ${owner.name}` : 'apkg'
    await warnOf(plugin, `has a command \`${command}\`, which is not used: ${other} has one of that name`)
  }
  return plugins
}

/** What `apkg plugins` has written down: names, types, and folders of those that are linked. */
async function readList(dataDir: string): Promise<Partial<Interfaces.PluginOptions>[]> {
  const file = path.join(dataDir, 'package.json')
  try {
    const {oclif} = JSON.parse(readFileSync(file, 'utf8')) as Partial<Interfaces.UserPJSON>
    const plugins: unknown = oclif?.plugins ?? []
    if (!Array.isArray(plugins)) throw new Error('`oclif.plugins` is no list')
    return plugins as Partial<Interfaces.PluginOptions>[]
  } catch (error) {
    if (!isAbsent(error)) await warn(`No plugin is loaded: ${file} cannot be read (${reasonOf(error)})`)
    return []
  }
}

/** A plugin and those that it brings along; none where it cannot be loaded. */
async function load(options: Interfaces.PluginOptions): Promise<UserPlugin[]> {
  const plugin = new UserPlugin(options)
  try {
    await plugin.load()
  } catch (error) {
    // oclif's reason is the options by which it looked for it.
    const isFound = (plugin.root as string | undefined) !== undefined
    await warnOf(plugin, `is not loaded: ${isFound ? reasonOf(error) : 'it is not installed'}`)
    return []
  }
  const {root, type, pjson} = plugin
  const brought = (pjson.oclif.plugins ?? []).map((name) => load({name, root, type, parent: plugin}))
  return [plugin, ...(await Promise.all(brought)).flat()]
}
