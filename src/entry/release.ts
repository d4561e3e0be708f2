import {createRequire} from 'node:module'
import os from 'node:os'
import path from 'node:path'

import {processPorts} from '@apkg/command-kit'
import {Config, Plugin, type Command, type Interfaces} from '@oclif/core'

import type {OwnPlugins} from './run-oclif.js'

/** What oclif would read from a plugin at each start, recorded when the release was built. */
export interface PluginFacts {
  pjson: Interfaces.PJSON
  hooks: Interfaces.Plugin['hooks']
  commands: Record<string, Command.Cached>
}

/** Recorded by the release build. */
export interface Release {
  own: PluginFacts
  core: readonly PluginFacts[]
  /** Loads the module of one of apkg's own commands. */
  load: Record<string, () => Promise<{default: Command.Class}>>
}

/** apkg's own plugins without reading them, and the directory of the user's plugins. */
export function releasePlugins(root: string, {own, core, load}: Release): OwnPlugins {
  const ours = new PreparedPlugin(own, root, async (id) => (await load[id]?.())?.default)
  ours.isRoot = true
  const plugins = [ours, ...core.map((facts) => corePlugin(facts, root))]
  return {
    plugins: new Map(plugins.map((plugin) => [plugin.name, plugin])),
    dataDir: new UnloadedConfig(root, own.pjson).dataDir,
  }
}

/** Finds oclif's data directory without loading the rest of the configuration. */
class UnloadedConfig extends Config {
  constructor(root: string, {oclif: {bin, dirname}}: Interfaces.PJSON) {
    super({root})
    const windows = process.platform === 'win32'
    const home = processPorts.env['HOME'] || (windows && this.windowsHome()) || os.homedir() || os.tmpdir()
    Object.assign(this, {bin, dirname, windows, home})
    this.dataDir = this.scopedEnvVar('DATA_DIR') || this.dir('data')
  }
}

/** A core plugin stays where npm installed it, and is read only when one of its commands or hooks runs. */
function corePlugin(facts: PluginFacts, ownRoot: string): Interfaces.Plugin {
  const {name} = facts.pjson
  const plugin = new PreparedPlugin(facts, '', async (id) => {
    const read = new Plugin({name, root: ownRoot, type: 'core'})
    await read.load()
    return read.findCommand(id)
  })
  return Object.defineProperty(plugin, 'root', {
    // The release build checks that its main module is `lib/index.js`.
    get: () => path.resolve(createRequire(path.join(ownRoot, 'package.json')).resolve(name), '../..'),
  })
}

type FindCommand = (id: string) => Promise<Command.Class | undefined>

/** A plugin that reads nothing until one of its commands runs. */
class PreparedPlugin extends Plugin {
  readonly #find: FindCommand

  constructor({pjson, hooks, commands}: PluginFacts, root: string, find: FindCommand) {
    const {name, version} = pjson
    super({root, name, type: 'core'})
    this.#find = find
    Object.assign(this, {pjson, hooks, root, name, version, alias: name, type: 'core', valid: true, hasManifest: true})
    this.moduleType = pjson['type'] === 'module' ? 'module' : 'commonjs'
    this.manifest = {version, commands}
    this.commandIDs = Object.keys(commands)
    this.commands = Object.values(commands).map((command) => ({
      ...command,
      pluginAlias: name,
      pluginType: 'core',
      load: () => this.findCommand(command.id),
    }))
  }

  override load(): Promise<void> {
    return Promise.resolve()
  }

  override async findCommand(id: string): Promise<Command.Class> {
    const command = await this.#find(id)
    if (!command) throw new Error(`Command ${id} not found in ${this.name}`)
    return Object.assign(command, {id, plugin: this})
  }
}
