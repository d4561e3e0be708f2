import {ApkgCommand} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import {findProject} from '../project/find-project.js'
import {setupFlag, toolSelection, verboseFlag} from '../entry/flags/tool-setup.js'
import {gather} from '../entry/plugins/extension-points.js'
import {toolTargets} from '../entry/plugins/tool-targets.js'
import {linkedPackageReader} from '../publish/packing/read-linked.js'
import {toolOfPlugin} from '../tools/plugin-tool.js'
import type {SetupCheck} from '../tools/check-setup.js'
import {repairSetup} from '../tools/set-up.js'
import type {SetupReport} from '../tools/setup-report.js'
import {setupCheckWarnings, setupCheckNotes, setupCheckTable} from '../views/tools/setup-check.js'
import {setupSummary} from '../views/tools/setup-summary.js'
import {repairNotes, setupWarnings, setupLines} from '../views/tools/tool-setup.js'

export default class Setup extends ApkgCommand<SetupReport | SetupCheck> {
  static override readonly summary = 'Set up tools for the installed packages, or check what they load.'

  static override readonly description = `Restores missing tool files, as \`apkg install\` does after installing packages. Files that you modified, or that apkg didn't create, are kept and reported.

With --check, reports whether each tool would load each package according to the tool's own rules, and writes nothing. Exits with code 1 if a package wouldn't load. Modified files are fine as long as they load.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'In CI, check that packages load in Claude Code',
      command: '<%= config.bin %> <%= command.id %> --check --setup claude-code',
    },
  ]

  static override readonly completion = {setup: 'tool'}

  static override readonly flags = {
    ...setupFlag,
    ...verboseFlag,
    check: Flags.boolean({summary: 'Report what each tool would load, without writing anything.'}),
  }

  async run(): Promise<SetupReport | SetupCheck> {
    const {flags} = await this.parse(Setup)
    const more = (await gather(this.config, toolTargets)).map(toolOfPlugin)
    const options = {
      project: findProject(this.ports),
      home: this.ports.home,
      selection: toolSelection(flags, more),
      more,
      readLinked: linkedPackageReader(this.ports),
    }
    if (!flags.check) {
      const {report, planned, exit} = await repairSetup(options)
      this.warning(...setupWarnings(report))
      for (const note of repairNotes(report, planned)) this.note(note)
      this.endWith(exit)
      const isBrief = this.ports.stdout.isTerminal && !flags.verbose
      if (isBrief) for (const line of setupSummary(report)) this.note(line)
      return this.show(report, isBrief ? '' : setupLines(report))
    }
    const {checkSetup, setupExit} = await import('../tools/check-setup.js')
    const check = await checkSetup(options)
    this.warning(...setupCheckWarnings(check))
    this.endWith(setupExit(check))
    await this.show(check, setupCheckTable(check, this.ports.stdout))
    for (const note of setupCheckNotes(check)) this.note(note)
    return check
  }
}
