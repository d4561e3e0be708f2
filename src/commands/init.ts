import {ApkgCommand, isInteractive, printable} from '@apkg/command-kit'
import {knownTools, packageTypes} from '@apkg/package-format'
import {Flags} from '@oclif/core'

import {initialize, type NewManifest} from '../publish/init/initialize.js'

/** The manifest that was written. */
export interface InitResult {
  /** Absolute path of the new `apkg.json`. */
  path: string
  manifest: NewManifest
}

export default class Init extends ApkgCommand<InitResult> {
  static override readonly summary = 'Create an apkg.json in the current directory.'

  static override readonly description = `Prompts for the name, version, type, description, license and keywords, unless you pass them as flags. Without a terminal, pass either --yes, or --name and --type. A package is for all tools, unless you limit it with --target.

The author and repository are taken from git, and the scope from your login.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'Create a skill without prompts',
      command: '<%= config.bin %> <%= command.id %> --name @ada/greeter --type skill',
    },
    {description: 'Accept all defaults', command: '<%= config.bin %> <%= command.id %> --yes'},
  ]

  static override readonly flags = {
    name: Flags.string({summary: 'Package name.', helpValue: '@scope/name'}),
    'package-version': Flags.string({summary: 'Package version. Defaults to `0.1.0`.', helpValue: '<version>'}),
    type: Flags.option({summary: 'Package type.', options: packageTypes})(),
    description: Flags.string({summary: 'Short description.'}),
    license: Flags.string({summary: 'License. Defaults to `MIT`.', helpValue: '<SPDX>'}),
    keywords: Flags.string({summary: 'Comma-separated keywords.'}),
    target: Flags.option({
      summary: 'Limit the package to this tool. Repeat the flag, or separate tools with commas.',
      options: knownTools,
      multiple: true,
      multipleNonGreedy: true,
      delimiter: ',',
    })(),
    origin: Flags.option({
      summary: 'Tool that the package was written for. Defaults to the first --target.',
      options: knownTools,
    })(),
    yes: Flags.boolean({char: 'y', summary: 'Accept all defaults without prompting.'}),
    force: Flags.boolean({summary: 'Overwrite an existing apkg.json.'}),
  }

  async run(): Promise<InitResult> {
    const {flags} = await this.parse(Init)
    const {path, manifest, text, needsScope} = await initialize(flags, this.ports)
    this.note(`Created apkg.json for ${printable(manifest.name)}`)
    if (needsScope) this.note('Before you publish it, replace `@scope` in apkg.json with your username or organization')
    const ask = isInteractive(this.ports) && !flags.yes && !this.jsonEnabled()
    const message = 'Show the generated apkg.json?'
    const isWanted = ask && (await this.ports.prompts.confirm({message, default: false}))
    return this.show({path, manifest}, isWanted ? text : '')
  }
}
