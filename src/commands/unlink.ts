import {Args} from '@oclif/core'

import {InstallingCommand, installingFlags} from '../entry/installing-command.js'
import {unregister, type UnlinkResult} from '../project/linking/unlink.js'
import {unlinkPackage} from '../project/linking/unlink-package.js'
import {noSetup, type SetupReport} from '../tools/setup-report.js'
import {unlinkNote, unlinkView} from '../views/project/links.js'

/** The outcome of removing a link. */
export interface UnlinkWithSetup extends UnlinkResult {
  setup: SetupReport
}

export default class Unlink extends InstallingCommand<UnlinkResult> {
  static override readonly summary = 'Undo `apkg link`.'

  static override readonly description = `With a package name, run it in a project: it removes the link and installs the locked version if the project needs the package. Without an argument, run it in a package directory: it removes the global registration; existing links in projects stay.

The linked directory itself never changes.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> @acme/code-review',
    {
      description: 'Remove the global registration, in the package directory',
      command: '<%= config.bin %> <%= command.id %>',
    },
  ]

  static override readonly completion = {package: 'linked-package', setup: 'tool'}

  static override readonly args = {
    package: Args.string({description: 'The name of a linked package.', ignoreStdin: true}),
  }

  static override readonly flags = installingFlags

  async run(): Promise<UnlinkWithSetup> {
    const {args, flags} = await this.parse(Unlink)
    const {package: name} = args
    if (name !== undefined) {
      return this.installAndSetUp(flags, (context) => unlinkPackage(name, context), unlinkView)
    }
    const result = {...(await unregister(this.ports.cwd, this.ports.home)), setup: noSetup}
    if (result.status === 'unknown') this.warning(unlinkNote(result))
    else this.note(unlinkNote(result))
    return this.show(result, '')
  }
}
