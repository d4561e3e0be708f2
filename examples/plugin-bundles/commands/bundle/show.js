import {ApkgCommand} from '@apkg/command-kit'
import {Args, Flags} from '@oclif/core'

import {bundlesFile, readBundles} from '../../bundles.js'
import {failure} from '../../failures.js'

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
    const bundles = await readBundles(this.ports.cwd).catch((error) => {
      throw failure('BUNDLES_UNREADABLE', {file: bundlesFile, reason: error.message}, {cause: error})
    })
    if (!Object.hasOwn(bundles, args.name)) {
      throw failure('BUNDLE_NOT_FOUND', {name: args.name, known: Object.keys(bundles)})
    }
    const packages = bundles[args.name].filter((each) => !flags.without?.includes(each))
    return this.show({name: args.name, packages}, packages.join('\n'))
  }
}
