import {Args, Flags} from '@oclif/core'

import type {UpdateResult} from '../project/installation/update-result.js'
import {updatePackages} from '../project/installation/update-packages.js'
import {InstallingCommand, installingFlags} from '../entry/installing-command.js'
import {updateView} from '../views/project/updates.js'
import type {SetupReport} from '../tools/setup-report.js'

/** The updates, the packages that were installed, and the tool setup. With `--dry-run`, the installation fields are absent. */
export interface UpdateWithSetup extends UpdateResult {
  setup: SetupReport
}

export default class Update extends InstallingCommand<UpdateResult> {
  static override readonly summary = 'Update packages to newer versions.'

  static override readonly description = `Installs the newest versions allowed by the ranges in apkg.json, including transitive dependencies. With package names, other packages keep their versions where possible.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'Show all updates, including those outside the ranges',
      command: '<%= config.bin %> <%= command.id %> --latest --dry-run',
    },
  ]

  static override readonly completion = {packages: 'dependency', 'accept-unsigned': 'dependency', setup: 'tool'}

  static override readonly args = {
    packages: Args.string({
      description: 'Names from `dependencies` in apkg.json. Default: all.',
      multiple: true,
      ignoreStdin: true,
    }),
  }

  static override readonly flags = {
    ...installingFlags,
    latest: Flags.boolean({summary: "Update to the newest versions, and change ranges that don't allow them."}),
    'dry-run': Flags.boolean({summary: 'Show what would change without changing anything.'}),
  }

  async run(): Promise<UpdateWithSetup> {
    const {args, flags} = await this.parse(Update)
    const dryRun = flags['dry-run']
    const options = {names: args.packages ?? [], latest: flags.latest, dryRun}
    return this.installAndSetUp(
      {...flags, 'no-setup': flags['no-setup'] || dryRun},
      (context) => updatePackages(options, context),
      updateView,
      {upgrades: true},
    )
  }
}
