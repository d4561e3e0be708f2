import {Args, Flags} from '@oclif/core'

import type {InstallResult} from '../project/installation/install-result.js'
import {install} from '../project/installation/install.js'
import {InstallingCommand, installingFlags} from '../entry/installing-command.js'
import {installationView} from '../views/project/installation.js'
import type {SetupReport} from '../tools/setup-report.js'

/** What was installed, and which tools were set up. */
export interface InstallWithSetup extends InstallResult {
  setup: SetupReport
}

export default class Install extends InstallingCommand<InstallResult> {
  static override readonly summary = 'Install what apkg.json depends on.'

  static override readonly description = `Packages go to apkg_packages/@scope/name, at the versions of apkg-lock.json where those fit. Packages whose files are as they were unpacked here are left alone, and those that nothing needs any more are removed. When anything fails, nothing has changed.

With packages named it does what \`apkg add\` does.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'In CI: exactly what the lockfile holds, or fail:',
      command: '<%= config.bin %> <%= command.id %> --frozen-lockfile',
    },
  ]

  static override readonly aliases = ['i']

  static override readonly completion = {packages: 'package-version', 'accept-unsigned': 'package', setup: 'tool'}

  static override readonly args = {
    packages: Args.string({
      description: 'Packages to add, as for `apkg add`.',
      multiple: true,
      ignoreStdin: true,
    }),
  }

  static override readonly flags = {
    ...installingFlags,
    'frozen-lockfile': Flags.boolean({
      summary: 'Install exactly what the lockfile holds; fail where it is missing or does not fit apkg.json.',
      description:
        'Nothing but packages is written, and every file that is installed already is hashed and compared with what was unpacked here.',
    }),
  }

  async run(): Promise<InstallWithSetup> {
    const {args, flags} = await this.parse(Install)
    const options = {packages: args.packages ?? [], frozen: flags['frozen-lockfile']}
    return this.installAndSetUp(flags, (context) => install(options, context), installationView)
  }
}
