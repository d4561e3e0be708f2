import {Args} from '@oclif/core'

import {findProject} from '../project/find-project.js'
import {InstallingCommand, installingFlags} from '../entry/installing-command.js'
import {unregister, type UnlinkResult} from '../project/linking/unlink.js'
import {unlinkPackage} from '../project/linking/unlink-package.js'
import {noSetup, type SetupReport} from '../tools/setup-report.js'
import {unlinkNote, unlinkView} from '../views/project/links.js'

/** The package that was unlinked or unregistered. */
export interface UnlinkWithSetup extends UnlinkResult {
  setup: SetupReport
}

export default class Unlink extends InstallingCommand<UnlinkResult> {
  static override readonly summary = 'Undo `apkg link`.'

  static override readonly description = `Run it with a package name in a project to remove the link. The locked version is installed if the project needs the package. Run it without an argument in a package directory to remove the global registration. Existing links in projects stay.

The linked directory itself is never changed.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> @acme/code-review',
    {
      description: 'Remove the global registration, in the package directory',
      command: '<%= config.bin %> <%= command.id %>',
    },
  ]

  static override readonly completion = {package: 'linked-package', setup: 'tool'}

  static override readonly args = {
    package: Args.string({description: 'Name of a linked package.', ignoreStdin: true}),
  }

  static override readonly flags = installingFlags

  async run(): Promise<UnlinkWithSetup> {
    const {args, flags} = await this.parse(Unlink)
    const {package: name} = args
    if (name !== undefined) {
      return this.installAndSetUp(flags, (context) => unlinkPackage(name, context), unlinkView)
    }
    const result = {...(await unregister(findProject(this.ports), this.ports.home)), setup: noSetup}
    if (result.status === 'unknown') this.warning(unlinkNote(result))
    else this.success(unlinkNote(result))
    return this.show(result, '')
  }
}
