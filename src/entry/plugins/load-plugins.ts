import {readFileSync} from 'node:fs'
import path from 'node:path'

import {assertOwnFolder, isAbsent, isApkgError} from '@apkg/command-kit'
import type {Interfaces} from '@oclif/core'

import {shadowedCommands} from './shadowed-commands.js'
import {errorLine, warn, warnAboutPlugin} from './plugin-warning.js'
import {UserPlugin} from './user-plugin.js'

type Plugins = Map<string, Interfaces.Plugin>

/**
 * Loads the plugins that the user installed or linked, in addition to apkg's own. A plugin that can't be loaded in time is
 * skipped with a warning. A command that already exists is ignored with a warning.
 *
 * oclif's own loading never times out, and prints warnings through Node.js.
 *
 * @param config `plugins`: apkg's own; `dataDir`: where `apkg plugins` stores its list.
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
    await warnAboutPlugin(
      plugin,
      `has a command \`${command}\` that is ignored, because ${other} already has one with this name`,
    )
  }
  return plugins
}

/** Mode bits that npm never gives to what it installs. */
const writableByAnyone = 0o002

/** Reads the list that `apkg plugins` maintains: names, types, and directories of linked plugins. */
async function readList(dataDir: string): Promise<Partial<Interfaces.PluginOptions>[]> {
  const file = path.join(dataDir, 'package.json')
  try {
    for (const folder of [dataDir, path.join(dataDir, 'node_modules')]) assertOwnFolder(folder, writableByAnyone)
    const {oclif} = JSON.parse(readFileSync(file, 'utf8')) as Partial<Interfaces.UserPJSON>
    const plugins: unknown = oclif?.plugins ?? []
    if (!Array.isArray(plugins)) throw new Error('`oclif.plugins` is not a list')
    return plugins as Partial<Interfaces.PluginOptions>[]
  } catch (error) {
    const reason = isApkgError(error) ? error.message : `cannot read ${file}: ${errorLine(error)}`
    if (!isAbsent(error)) await warn(`Plugins were not loaded: ${reason}`)
    return []
  }
}

/** A plugin and the plugins that it bundles; empty if it can't be loaded. */
async function load(options: Interfaces.PluginOptions): Promise<UserPlugin[]> {
  const plugin = new UserPlugin(options)
  try {
    await plugin.load()
  } catch (error) {
    // oclif's error contains only the options with which it searched.
    const isFound = (plugin.root as string | undefined) !== undefined
    await warnAboutPlugin(plugin, `was not loaded: ${isFound ? errorLine(error) : 'it is not installed'}`)
    return []
  }
  const {root, type, pjson} = plugin
  const brought = (pjson.oclif.plugins ?? []).map((name) => load({name, root, type, parent: plugin}))
  return [plugin, ...(await Promise.all(brought)).flat()]
}
