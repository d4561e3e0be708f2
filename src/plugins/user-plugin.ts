import {failure, issuesUrl} from '@apkg/command-kit'
import {Plugin, type Command, type Interfaces} from '@oclif/core'

import {inTime} from './patience.js'
import {reasonOf} from './trouble.js'

type PluginHook = Interfaces.Plugin['hooks'][string][number]

/** A plugin that the user installed or linked. It is loaded whole and in time, or not at all. */
export class UserPlugin extends Plugin {
  #askedByUs: Plugin['hooks'] = {}

  /**
   * What it hooks onto an event. What oclif asks around each command is found here and nowhere else: oclif waits for it
   * without end, and lets an error of it stop the command, or stand in for the command's own.
   */
  hooksOn(event: string): PluginHook[] {
    return this.#askedByUs[event] ?? this.hooks[event] ?? []
  }

  override async load(): Promise<void> {
    await inTime(() => super.load())
    const {init = [], prerun = [], postrun = [], finally: last = [], command_not_found = [], ...others} = this.hooks
    this.#askedByUs = {init, prerun, postrun, finally: last, command_not_found}
    this.hooks = others
    this.commands = this.commands.map((command) => ({...command, load: () => this.#loadCommand(command)}))
  }

  /** @throws {ApkgError} `PLUGIN_FAILED`. */
  async #loadCommand(command: Command.Loadable): Promise<Command.Class> {
    try {
      return await inTime(() => command.load())
    } catch (error) {
      const facts = {plugin: this.name, command: command.id.replaceAll(':', ' '), reason: reasonOf(error)}
      throw failure('PLUGIN_FAILED', {...facts, issues: issuesUrl(this.pjson)}, {cause: error})
    }
  }
}
