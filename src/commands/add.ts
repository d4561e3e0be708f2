import {Args} from '@oclif/core'

import {addPackages} from '../project/installation/add-packages.js'
import type {InstallContext} from '../project/installation/install-context.js'
import type {InstallResult} from '../project/installation/install-result.js'
import {gitignoreFlag, InstallingCommand, installingFlags} from '../entry/installing-command.js'
import {installationView} from '../views/project/installation.js'
import type {SetupReport} from '../tools/setup-report.js'

/** The packages that were added and installed, and the tool setup. */
export interface AddWithSetup extends InstallResult {
  setup: SetupReport
  /** Absolute path of the `.gitignore` that `apkg_packages/` was added to. Absent if none was changed. */
  gitignore?: string
}

export default class Add extends InstallingCommand<InstallResult> {
  static override readonly summary = 'Add packages to apkg.json and install them.'

  static override readonly description = `Specify each package as @scope/name, optionally followed by @ and a version, range or dist-tag. The default is the newest version. New packages must be compatible with the existing dependencies. If anything fails, nothing changes.

Without an apkg.json, it creates one for a project.

Ranges are saved to apkg.json as given. For a dist-tag, or if you don't specify a version, a caret range (^1.2.3) is saved.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> @acme/code-review',
    '<%= config.bin %> <%= command.id %> @acme/code-review@~1.4 @acme/commit-style@next',
  ]

  static override readonly completion = {packages: 'package-version', 'accept-unsigned': 'package', setup: 'tool'}

  static override readonly args = {
    packages: Args.string({
      description: 'Packages: @scope/name, @scope/name@range or @scope/name@tag.',
      multiple: true,
      required: true,
      ignoreStdin: true,
    }),
  }

  static override readonly flags = {...installingFlags, ...gitignoreFlag}

  async run(): Promise<AddWithSetup> {
    const {args, flags} = await this.parse(Add)
    const add = (context: InstallContext) => addPackages(args.packages, context)
    return this.installAndSetUp(flags, add, installationView, {asks: true})
  }
}
