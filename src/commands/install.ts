import {Args, Flags} from '@oclif/core'

import type {InstallResult} from '../project/installation/install-result.js'
import {install} from '../project/installation/install.js'
import {gitignoreFlag, InstallingCommand, installingFlags} from '../entry/installing-command.js'
import {installationView} from '../views/project/installation.js'
import type {SetupReport} from '../tools/setup-report.js'

/** The packages that were installed, and the tool setup. */
export interface InstallWithSetup extends InstallResult {
  setup: SetupReport
  /** Absolute path of the `.gitignore` that `apkg_packages/` was added to. Absent if none was changed. */
  gitignore?: string
}

export default class Install extends InstallingCommand<InstallResult> {
  static override readonly summary = 'Install the dependencies in apkg.json.'

  static override readonly description = `Packages are installed to apkg_packages/@scope/name, at the versions in apkg-lock.json if they satisfy apkg.json. Packages that are already installed and unmodified are skipped, and packages that are no longer needed are removed. If anything fails, nothing changes.

With package names, it does the same as \`apkg add\`.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'In CI, install exactly what is in the lockfile, or fail',
      command: '<%= config.bin %> <%= command.id %> --frozen-lockfile',
    },
  ]

  static override readonly aliases = ['i']

  static override readonly completion = {packages: 'package-version', 'accept-unsigned': 'package', setup: 'tool'}

  static override readonly args = {
    packages: Args.string({
      description: 'Packages to add, as in `apkg add`.',
      multiple: true,
      ignoreStdin: true,
    }),
  }

  static override readonly flags = {
    ...installingFlags,
    ...gitignoreFlag,
    'frozen-lockfile': Flags.boolean({
      summary: "Install exactly what is in the lockfile; fail if it is missing or doesn't match apkg.json.",
      description: 'Never writes apkg.json or apkg-lock.json. Hashes installed files to detect modifications.',
    }),
  }

  async run(): Promise<InstallWithSetup> {
    const {args, flags} = await this.parse(Install)
    const {packages = []} = args
    const options = {packages, frozen: flags['frozen-lockfile']}
    return this.installAndSetUp(flags, (context) => install(options, context), installationView, {
      canFollowLockfile: packages.length === 0,
      asks: !options.frozen,
    })
  }
}
