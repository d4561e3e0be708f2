import {ApkgCommand, exitCodes} from '@apkg/command-kit'
import {Args, Flags} from '@oclif/core'

import {findLinted} from '../publish/lint/find-linted.js'
import {lintFolder, sourceRoot, type LintResult} from '../publish/lint/lint-folder.js'
import {findingLines, lintNote} from '../views/publish/lint-findings.js'
import {sarifLog} from '../views/publish/sarif.js'

export default class Lint extends ApkgCommand<LintResult> {
  static override readonly summary = 'Check a package, or any directory with skills.'

  static override readonly description = `A package is checked as tools would get it from apkg, as in \`apkg pack\`. In any other directory, skills, agents, commands and rules are checked where they are: against the Agent Skills specification (agentskills.io), and the limits of each tool.

Exits with 1 if there are errors, or more warnings than --max-warnings allows, and with 2 if there is nothing to check. Notes don't affect the exit code.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    {description: 'Check all skills in a directory', command: '<%= config.bin %> <%= command.id %> skills'},
    {description: 'Fail on warnings, in CI', command: '<%= config.bin %> <%= command.id %> --max-warnings 0'},
    {
      description: 'Write a file for code scanning',
      command: '<%= config.bin %> <%= command.id %> --sarif > apkg.sarif',
    },
  ]

  static override readonly args = {
    directory: Args.string({
      description: 'The directory to check. Default: the package that you are in, or the current directory.',
      ignoreStdin: true,
    }),
  }

  static override readonly flags = {
    sarif: Flags.boolean({summary: 'Print SARIF 2.1.0, for code scanning.', exclusive: ['json']}),
    'max-warnings': Flags.integer({
      summary: 'Exit with code 1 if there are more warnings than this.',
      helpValue: '<number>',
      min: 0,
    }),
  }

  async run(): Promise<LintResult> {
    const {args, flags} = await this.parse(Lint)
    const folder = findLinted(args.directory, this.ports)
    const result = await lintFolder(folder, this.ports)
    const {errors, warnings} = result.totals
    if (errors > 0 || warnings > (flags['max-warnings'] ?? Infinity)) this.endWith(exitCodes.failed)
    this.note(lintNote(result))
    if (!flags.sarif) return this.show(result, findingLines(result, this.ports.cwd, this.ports.stdout))
    const root = await sourceRoot(folder, this.ports)
    return this.show(result, sarifLog(result, {root, version: this.config.version}))
  }
}
