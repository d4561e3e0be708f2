import {ApkgCommand, isInteractive} from '@apkg/command-kit'
import {Args, Flags} from '@oclif/core'

import {
  byHand,
  setUpCompletion,
  setUpPlan,
  setUpState,
  shellOf,
  type CompletionSetUp,
} from '../machine/completion/set-up.js'
import {shells} from '../machine/completion/shell.js'
import {setUpNote, setUpQuestion} from '../views/machine/completion-set-up.js'

export default class Autocomplete extends ApkgCommand<CompletionSetUp> {
  static override readonly summary = 'Set up completion in your shell, so that Tab completes apkg.'

  static override readonly description = `For bash and zsh it writes a script to ~/.apkg/completion, and a line that loads it to the file that the shell reads when it starts; for fish a script to the folder in which fish looks for it. A terminal is asked first; elsewhere nothing is changed without --yes, and the line to put in by hand is shown. For PowerShell it is always shown.

To undo it, delete that line and the script.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> zsh --yes',
  ]

  static override readonly args = {
    shell: Args.string({description: 'The shell; the one that SHELL names.', options: shells, ignoreStdin: true}),
  }

  static override readonly flags = {
    yes: Flags.boolean({char: 'y', summary: 'Ask nothing, and set it up.'}),
  }

  async run(): Promise<CompletionSetUp> {
    const {args, flags} = await this.parse(Autocomplete)
    const plan = setUpPlan(shellOf(args.shell, this.ports.env), this.ports)
    const isNew = plan.script !== null && setUpState(plan) === 'absent'
    const mayAsk = isNew && !flags.yes && isInteractive(this.ports)
    const isAgreed = mayAsk
      ? await this.ports.prompts.confirm({message: setUpQuestion(plan), default: true})
      : flags.yes
    const result = isNew && !isAgreed ? byHand(plan) : await setUpCompletion(plan)
    this.note(setUpNote(result))
    return this.show(result, '')
  }
}
