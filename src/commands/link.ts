import {ApkgCommand} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {toolSelection, toolSetupFlags} from '../entry/flags/tool-setup.js'
import {gather} from '../entry/plugins/extension-points.js'
import {toolTargets} from '../entry/plugins/tool-targets.js'
import {setUpLinked} from '../entry/set-up-linked.js'
import {findProject} from '../project/find-project.js'
import {link, type LinkResult} from '../project/linking/link.js'
import {toolOfPlugin} from '../tools/plugin-tool.js'
import {noSetup, type SetupReport} from '../tools/setup-report.js'
import {linkNote} from '../views/project/links.js'

/** The package that was linked or registered. */
export interface LinkedResult extends LinkResult {
  setup: SetupReport
}

export default class Link extends ApkgCommand<LinkedResult> {
  static override readonly summary = 'Link a package from a local directory.'

  static override readonly description = `Run it without an argument in a package directory to register the package globally. Run it with an argument in a project to replace the package in apkg_packages with a symbolic link, and to try it with your tools.

Tools are set up with the files that would be published, as by \`apkg add\`. After you change the package, run it again, or \`apkg setup\`.

apkg.json and the lockfile don't change. \`apkg install\` skips linked packages; \`apkg unlink\` and \`apkg install --frozen-lockfile\` restore the locked version.`

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

  static override readonly completion = {setup: 'tool'}

  static override readonly args = {
    target: Args.string({
      description: 'A package directory, or the name of a globally registered package.',
      ignoreStdin: true,
    }),
  }

  static override readonly flags = toolSetupFlags

  async run(): Promise<LinkedResult> {
    const {args, flags} = await this.parse(Link)
    const {cwd, home, now, stdout} = this.ports
    const project = findProject(this.ports)
    const more = (await gather(this.config, toolTargets)).map(toolOfPlugin)
    const selection = toolSelection(flags, more)
    const linked = await link(args.target, {cwd, project, home, now: now()})
    this.success(linkNote(linked))
    if (linked.location === null) return this.show({...linked, setup: noSetup}, '')
    const output = {asks: !this.jsonEnabled(), isBrief: stdout.isTerminal && !flags.verbose}
    const {setup, notes, warnings, lines} = await setUpLinked({project, home, selection, more}, output, this.ports)
    this.warning(...warnings)
    for (const note of notes) this.note(note)
    return this.show({...linked, setup}, lines)
  }
}
