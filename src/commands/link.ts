import {ApkgCommand} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {link, type LinkResult} from '../project/linking/link.js'
import {cleanUpOnly} from '../tools/choose-tools.js'
import {setUpTools} from '../tools/set-up.js'
import {noSetup, type SetupReport} from '../tools/setup-report.js'
import {linkNote} from '../views/project/links.js'
import {setupWarnings, setupLines} from '../views/tools/tool-setup.js'

/** The package that was linked or registered. */
export interface LinkedResult extends LinkResult {
  setup: SetupReport
}

export default class Link extends ApkgCommand<LinkedResult> {
  static override readonly summary = 'Use a package from the folder in which you work on it.'

  static override readonly description = `Without an argument, in the folder of a package: makes the package known to all of your projects. With one, in a project: puts a link into the package's place in apkg_packages, so that every change shows at once.

apkg.json and the lockfile stay as they are. \`apkg install\` leaves a linked package alone; \`apkg unlink\` and \`apkg install --frozen-lockfile\` put the locked version back. Tools are not set up for a linked package: what they had of the installed one is removed.`

  static override readonly examples = [
    {
      description: 'In the folder of the package, then in a project:',
      command: '<%= config.bin %> <%= command.id %>',
    },
    '<%= config.bin %> <%= command.id %> @acme/code-review',
    {description: 'Both at once:', command: '<%= config.bin %> <%= command.id %> ../code-review'},
  ]

  static override readonly args = {
    target: Args.string({description: "The package's folder, or the name of one made known.", ignoreStdin: true}),
  }

  async run(): Promise<LinkedResult> {
    const {args} = await this.parse(Link)
    const {cwd, home, now} = this.ports
    const linked = await link(args.target, {cwd, home, now: now()})
    this.note(linkNote(linked))
    const setup = linked.location === null ? noSetup : await setUpTools({project: cwd, home, wish: cleanUpOnly})
    this.warning(...setupWarnings(setup))
    const result = {...linked, setup}
    return this.show(result, setupLines(setup))
  }
}
