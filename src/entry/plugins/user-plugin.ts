import {issuesUrl} from '@apkg/command-kit'
import {Plugin, type Command, type Interfaces} from '@oclif/core'

import {failure} from './failures.js'
import {runGuarded} from './run-guarded.js'
import {withTimeout} from './with-timeout.js'
import {errorLine, warnAboutPlugin} from './plugin-warning.js'

type PluginHook = Interfaces.Plugin['hooks'][string][number]

/** A plugin that the user installed or linked. It is loaded completely and in time, or not at all. */
export class UserPlugin extends Plugin {
  #ownHooks: Plugin['hooks'] = {}
  #manifestProblem: string | undefined

  constructor(options: Interfaces.PluginOptions) {
    super({...options, errorOnManifestCreate: true})
    // A placeholder until its package.json is read.
    this.name = options.name ?? options.root
    // oclif reports a damaged manifest through this method, as a Node.js warning of seven lines.
    Object.assign(this, {warn: (error: unknown) => (this.#manifestProblem = errorLine(error))})
  }

  /**
   * The plugin's hooks for an event. Hooks that oclif runs around each command are hidden from oclif, which would wait for
   * them forever and let their errors stop the command or replace its own error.
   */
  hooksOn(event: string): PluginHook[] {
    return this.#ownHooks[event] ?? this.hooks[event] ?? []
  }

  override async load(): Promise<void> {
    await withTimeout(() => runGuarded(this, () => super.load()))
    if (!Array.isArray(this.pjson.oclif.plugins ?? []))
      throw new Error('`oclif.plugins` in its package.json is not a list')
    if (this.#manifestProblem !== undefined) {
      await warnAboutPlugin(this, `has an unreadable oclif.manifest.json: ${this.#manifestProblem}`)
    }
    const {init = [], prerun = [], postrun = [], finally: last = [], command_not_found = [], ...others} = this.hooks
    this.#ownHooks = {init, prerun, postrun, finally: last, command_not_found}
    this.hooks = others
    this.commands = this.commands.map((command) => ({...command, load: () => this.#loadCommand(command)}))
  }

  /** @throws {ApkgError} `PLUGIN_FAILED`. */
  async #loadCommand(command: Command.Loadable): Promise<Command.Class> {
    try {
      return await withTimeout(() => runGuarded(this, () => command.load()))
    } catch (error) {
      const facts = {plugin: this.name, command: command.id.replaceAll(':', ' '), reason: errorLine(error)}
      throw failure('PLUGIN_FAILED', {...facts, issues: issuesUrl(this.pjson)}, {cause: error})
    }
  }
}
