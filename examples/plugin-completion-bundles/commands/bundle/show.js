import {ApkgCommand, failure} from '@apkg/command-kit'
import {Args, Flags} from '@oclif/core'

import {readBundles} from '../../bundles.js'

export default class BundleShow extends ApkgCommand {
  static summary = 'Print the packages of a bundle, for `apkg add`.'

  static examples = [
    '<%= config.bin %> <%= command.id %> review',
    'apkg add $(<%= config.bin %> <%= command.id %> review)',
  ]

  static completion = {name: 'bundles:name', without: 'bundles:package'}

  static args = {
    name: Args.string({description: 'The name of the bundle.', required: true, ignoreStdin: true}),
  }

  static flags = {
    without: Flags.string({summary: 'A package to leave out. Repeatable.', multiple: true, multipleNonGreedy: true}),
  }

  async run() {
    const {args, flags} = await this.parse(BundleShow)
    const bundle = (await readBundles(this.ports.cwd))[args.name]
    if (!bundle) throw failure('USAGE', {message: `apkg-bundles.json has no bundle \`${args.name}\``})
    const packages = bundle.filter((each) => !flags.without?.includes(each))
    return this.show({name: args.name, packages}, packages.join('\n'))
  }
}
