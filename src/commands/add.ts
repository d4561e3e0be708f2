import {Args} from '@oclif/core'

import {addPackages} from '../project/installation/add-packages.js'
import type {InstallResult} from '../project/installation/install-result.js'
import {InstallingCommand, installingFlags} from '../entry/installing-command.js'
import {installationView} from '../views/project/installation.js'
import type {SetupReport} from '../tools/setup-report.js'

/** What was added and installed, and which tools were set up. */
export interface AddWithSetup extends InstallResult {
  setup: SetupReport
}

export default class Add extends InstallingCommand<InstallResult> {
  static override readonly summary = 'Add packages to apkg.json and install them.'

  static override readonly description = `A package is @scope/name, with a range, a version or a dist-tag after another @ if it is not the newest that is wanted. The whole graph is resolved: what was there before has to fit. When anything fails, nothing has changed.

A range is written to apkg.json as it was given; for a tag, or nothing, what is compatible with the version found (^1.2.3).`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> @acme/code-review',
    '<%= config.bin %> <%= command.id %> @acme/code-review@~1.4 @acme/commit-style@next',
  ]

  static override readonly completion = {packages: 'package-version', 'accept-unsigned': 'package', setup: 'tool'}

  static override readonly args = {
    packages: Args.string({
      description: 'Packages: @scope/name, @scope/name@range, @scope/name@tag.',
      multiple: true,
      required: true,
      ignoreStdin: true,
    }),
  }

  static override readonly flags = installingFlags

  async run(): Promise<AddWithSetup> {
    const {args, flags} = await this.parse(Add)
    return this.installAndSetUp(flags, (context) => addPackages(args.packages, context), installationView)
  }
}
