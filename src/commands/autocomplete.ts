import {ApkgCommand, isInteractive} from '@apkg/command-kit'
import {Args, Flags} from '@oclif/core'

import {
  manualSetUp,
  setUpCompletion,
  setUpPlan,
  setUpState,
  shellOf,
  type CompletionSetUp,
} from '../machine/completion/set-up.js'
import {shells} from '../machine/completion/shell.js'
import {setUpNote, setUpQuestion} from '../views/machine/completion-set-up.js'

export default class Autocomplete extends ApkgCommand<CompletionSetUp> {
  static override readonly summary = 'Set up tab completion for your shell.'

  static override readonly description = `For bash and zsh, writes a script to ~/.apkg/completion and adds a line to your shell's startup file that loads it. For fish, writes a script to fish's completions directory. For PowerShell, shows the line to add to your profile.

On a terminal, asks for confirmation. Without a terminal, changes nothing and only shows the line to add, unless you pass --yes.

To undo the setup, delete the line and the script.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> zsh --yes',
  ]

  static override readonly args = {
    shell: Args.string({
      description: 'Shell to set up. Defaults to the one in SHELL.',
      options: shells,
      ignoreStdin: true,
    }),
  }

  static override readonly flags = {
    yes: Flags.boolean({char: 'y', summary: 'Skip the confirmation.'}),
  }

  async run(): Promise<CompletionSetUp> {
    const {args, flags} = await this.parse(Autocomplete)
    const plan = setUpPlan(shellOf(args.shell, this.ports.env), this.ports)
    const isNew = plan.script !== null && setUpState(plan) === 'absent'
    const canAsk = isNew && !flags.yes && isInteractive(this.ports)
    const isAgreed = canAsk
      ? await this.ports.prompts.confirm({message: setUpQuestion(plan), default: true})
      : flags.yes
    const result = isNew && !isAgreed ? manualSetUp(plan) : await setUpCompletion(plan)
    this.note(setUpNote(result))
    return this.show(result, '')
  }
}
