import {issuesUrl} from '@apkg/command-kit'
import {Plugin, type Command, type Interfaces} from '@oclif/core'

import {failure} from '../failures.js'
import {inBounds} from './in-bounds.js'
import {inTime} from './patience.js'
import {reasonOf, warnOf} from './trouble.js'

type PluginHook = Interfaces.Plugin['hooks'][string][number]

/** A plugin that the user installed or linked. It is loaded whole and in time, or not at all. */
export class UserPlugin extends Plugin {
  #askedByUs: Plugin['hooks'] = {}
  #manifestTrouble: string | undefined

  constructor(options: Interfaces.PluginOptions) {
    super({...options, errorOnManifestCreate: true})
    // Until its package.json is read.
    this.name = options.name ?? options.root
    // By this oclif would tell of a damaged manifest, in a warning of Node's own of seven lines.
    Object.assign(this, {warn: (error: unknown) => (this.#manifestTrouble = reasonOf(error))})
  }

  /**
   * What it hooks onto an event. What oclif asks around each command is found here and nowhere else: oclif waits for it
   * without end, and lets an error of it stop the command, or stand in for the command's own.
   */
  hooksOn(event: string): PluginHook[] {
    return this.#askedByUs[event] ?? this.hooks[event] ?? []
  }

  override async load(): Promise<void> {
    await inTime(() => inBounds(this, () => super.load()))
    if (!Array.isArray(this.pjson.oclif.plugins ?? []))
      throw new Error('`oclif.plugins` in its package.json is no list')
    if (this.#manifestTrouble !== undefined) {
      await warnOf(this, `has an oclif.manifest.json that cannot be read: ${this.#manifestTrouble}`)
    }
    const {init = [], prerun = [], postrun = [], finally: last = [], command_not_found = [], ...others} = this.hooks
    this.#askedByUs = {init, prerun, postrun, finally: last, command_not_found}
    this.hooks = others
    this.commands = this.commands.map((command) => ({...command, load: () => this.#loadCommand(command)}))
  }

  /** @throws {ApkgError} `PLUGIN_FAILED`. */
  async #loadCommand(command: Command.Loadable): Promise<Command.Class> {
    try {
      return await inTime(() => inBounds(this, () => command.load()))
    } catch (error) {
      const facts = {plugin: this.name, command: command.id.replaceAll(':', ' '), reason: reasonOf(error)}
      throw failure('PLUGIN_FAILED', {...facts, issues: issuesUrl(this.pjson)}, {cause: error})
    }
  }
}
