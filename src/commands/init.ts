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
  static override readonly summary = 'Write an apkg.json for this folder.'

  static override readonly description = `Asks for what no flag says. Without a terminal --name and --type are needed, and --target for anything but a project, or --yes.

The authors and the repository come from git, the scope of the name from your login.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'Without a question:',
      command: '<%= config.bin %> <%= command.id %> --name @ada/greeter --type skill --target claude-code',
    },
    {description: 'With the default for everything:', command: '<%= config.bin %> <%= command.id %> --yes'},
  ]

  static override readonly flags = {
    name: Flags.string({summary: 'The name of the package.', helpValue: '@scope/name'}),
    'package-version': Flags.string({summary: 'Its version.', helpValue: '<version>'}),
    type: Flags.option({summary: 'What it is.', options: packageTypes})(),
    description: Flags.string({summary: 'What it is for.'}),
    license: Flags.string({summary: 'Its license.', helpValue: '<SPDX>'}),
    keywords: Flags.string({summary: 'Words to find it by, separated by commas.'}),
    target: Flags.option({
      summary: 'A tool that it is for: repeat the flag, or separate with commas.',
      options: knownTools,
      multiple: true,
      multipleNonGreedy: true,
      delimiter: ',',
    })(),
    origin: Flags.option({summary: 'The tool that it was made for.', options: knownTools})(),
    yes: Flags.boolean({char: 'y', summary: 'Ask nothing: the default for what no flag says.'}),
    force: Flags.boolean({summary: 'Overwrite an apkg.json that is there.'}),
  }

  async run(): Promise<InitResult> {
    const {flags} = await this.parse(Init)
    const {path, manifest, text} = await initialize(flags, this.ports)
    this.note(`Created apkg.json for ${printable(manifest.name)}`)
    const ask = isInteractive(this.ports) && !flags.yes && !this.jsonEnabled()
    const message = 'Would you like to see the generated manifest?'
    const isWanted = ask && (await this.ports.prompts.confirm({message, default: false}))
    return this.show({path, manifest}, isWanted ? text : '')
  }
}
