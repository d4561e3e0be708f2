import {ApkgCommand, isInteractive, printable} from '@apkg/command-kit'

import {initFlags} from '../entry/flags/init-flags.js'
import {initialize, type NewManifest} from '../publish/init/initialize.js'
import {nextCommands} from '../views/publish/next-commands.js'

/** The manifest that was written. */
export interface InitResult {
  /** Absolute path of the new `apkg.json`. */
  path: string
  manifest: NewManifest
  /** The files that were created, relative to the directory: apkg.json, and a first definition. */
  created: string[]
}

export default class Init extends ApkgCommand<InitResult> {
  static override readonly summary = 'Create a package or a project.'

  static override readonly description = `Writes apkg.json, and a SKILL.md, an agent, a command or a rule to start with if there is none. Prompts for what you don't pass as flags. Without a terminal, pass --yes, --from, or --name and --type. A package is for all tools, unless you limit it with --target.

The author and repository are taken from git, and the scope from your login.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'Create a skill without prompts',
      command: '<%= config.bin %> <%= command.id %> --name @ada/greeter --type skill',
    },
    {
      description: 'Make a package of an existing skill, in its directory',
      command: '<%= config.bin %> <%= command.id %> --from .',
    },
    {description: 'Accept all defaults', command: '<%= config.bin %> <%= command.id %> --yes'},
  ]

  static override readonly flags = initFlags

  async run(): Promise<InitResult> {
    const {flags} = await this.parse(Init)
    const {path, manifest, text, created, needsScope} = await initialize(flags, this.ports)
    this.success(`Created ${created.join(' and ')} for ${printable(manifest.name)}`)
    if (needsScope) this.note('Before you publish it, replace `@scope` in apkg.json with your username or organization')
    const ask = isInteractive(this.ports) && !flags.yes && !this.jsonEnabled()
    const message = 'Show the generated apkg.json?'
    const isWanted = ask && (await this.ports.prompts.confirm({message, default: false}))
    await this.show({path, manifest, created}, isWanted ? text : '')
    if (!this.jsonEnabled()) this.note(nextCommands(manifest.type, created))
    return {path, manifest, created}
  }
}
