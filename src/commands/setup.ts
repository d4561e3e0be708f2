import {ApkgCommand} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import {setupFlag, toolSelection} from '../entry/flags/tool-setup.js'
import {gather} from '../entry/plugins/extension-points.js'
import {toolTargets} from '../entry/plugins/tool-targets.js'
import {toolOfPlugin} from '../tools/plugin-tool.js'
import type {SetupCheck} from '../tools/check-setup.js'
import {repairSetup} from '../tools/set-up.js'
import type {SetupReport} from '../tools/setup-report.js'
import {setupCheckWarnings, setupCheckNotes, setupCheckTable} from '../views/tools/setup-check.js'
import {repairNotes, setupWarnings, setupLines} from '../views/tools/tool-setup.js'

export default class Setup extends ApkgCommand<SetupReport | SetupCheck> {
  static override readonly summary = 'Set tools up for what is installed, or check what they load.'

  static override readonly description = `Writes again what is missing of the files that tools get, as \`apkg install\` does after an installation. Files that apkg did not write, or that somebody has changed, are left and told.

With --check nothing is written. It tells for each tool and package whether the tool would load it, by the tool's own rules, and why not. Exit code 1 where one would not be loaded; a file that was changed and would still be loaded is no failure.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'In CI, that Claude Code gets what it should:',
      command: '<%= config.bin %> <%= command.id %> --check --setup claude-code',
    },
  ]

  static override readonly completion = {setup: 'tool'}

  static override readonly flags = {
    ...setupFlag,
    check: Flags.boolean({summary: 'Write nothing; tell what each tool would load, and why not.'}),
  }

  async run(): Promise<SetupReport | SetupCheck> {
    const {flags} = await this.parse(Setup)
    const more = (await gather(this.config, toolTargets)).map(toolOfPlugin)
    const options = {project: this.ports.cwd, home: this.ports.home, wish: toolSelection(flags, more), more}
    if (!flags.check) {
      const report = await repairSetup(options)
      this.warning(...setupWarnings(report))
      for (const note of repairNotes(report)) this.note(note)
      return this.show(report, setupLines(report))
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
