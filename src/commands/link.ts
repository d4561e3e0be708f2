import {ApkgCommand} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {findProject} from '../project/find-project.js'
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
  static override readonly summary = 'Link a package from a local directory.'

  static override readonly description = `Run it without an argument in a package directory to register the package globally. Run it with an argument in a project to replace the package in apkg_packages with a symbolic link, so that changes take effect immediately.

apkg.json and the lockfile don't change. \`apkg install\` skips linked packages; \`apkg unlink\` and \`apkg install --frozen-lockfile\` restore the locked version. Tools aren't set up for linked packages, and tool files from the installed version are removed.`

  static override readonly examples = [
    {
      description: 'Register a package, in its directory',
      command: '<%= config.bin %> <%= command.id %>',
    },
    {
      description: 'Link the registered package, in a project',
      command: '<%= config.bin %> <%= command.id %> @acme/code-review',
    },
    {
      description: 'Link a directory without registering it',
      command: '<%= config.bin %> <%= command.id %> ../code-review',
    },
  ]

  static override readonly args = {
    target: Args.string({
      description: 'A package directory, or the name of a globally registered package.',
      ignoreStdin: true,
    }),
  }

  async run(): Promise<LinkedResult> {
    const {args} = await this.parse(Link)
    const {cwd, home, now} = this.ports
    const project = findProject(this.ports)
    const linked = await link(args.target, {cwd, project, home, now: now()})
    this.note(linkNote(linked))
    const setup = linked.location === null ? noSetup : await setUpTools({project, home, selection: cleanUpOnly})
    this.warning(...setupWarnings(setup))
    const result = {...linked, setup}
    return this.show(result, setupLines(setup))
  }
}
