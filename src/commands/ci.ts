import {InstallingCommand, installingFlags} from '../entry/installing-command.js'
import type {InstallResult} from '../project/installation/install-result.js'
import {install} from '../project/installation/install.js'
import {installationView} from '../views/project/installation.js'
import type {InstallWithSetup} from './install.js'

export default class Ci extends InstallingCommand<InstallResult> {
  static override readonly summary = 'Install exactly what is in the lockfile, or fail.'

  static override readonly description = 'The same as `apkg install --frozen-lockfile`.'

  static override readonly examples = ['<%= config.bin %> <%= command.id %>']

  static override readonly completion = {'accept-unsigned': 'package', setup: 'tool'}

  static override readonly flags = installingFlags

  async run(): Promise<InstallWithSetup> {
    const {flags} = await this.parse(Ci)
    const options = {packages: [], frozen: true}
    return this.installAndSetUp(flags, (context) => install(options, context), installationView, {
      canFollowLockfile: true,
    })
  }
}
