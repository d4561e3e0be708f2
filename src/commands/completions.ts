import {ApkgCommand} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {completionScript, shells, type Shell} from '../machine/completion/shell.js'

/** The completion script. */
export interface CompletionsResult {
  shell: Shell
  script: string
}

export default class Completions extends ApkgCommand<CompletionsResult> {
  static override readonly summary = 'Print a script that completes apkg in a shell.'

  static override readonly description = `\`apkg autocomplete\` sets it up for you; this is for those who do it by hand. The script asks apkg when Tab is pressed, so it knows the commands of plugins too, and need not be made anew.

bash: \`source <(apkg completions bash)\` in ~/.bashrc
zsh: \`source <(apkg completions zsh)\` in ~/.zshrc
fish: \`apkg completions fish | source\` in ~/.config/fish/config.fish
PowerShell: \`apkg completions powershell | Out-String | Invoke-Expression\` in $PROFILE`

  static override readonly examples = ['<%= config.bin %> <%= command.id %> bash']

  static override readonly args = {
    shell: Args.custom<Shell>({options: [...shells]})({description: 'The shell.', required: true, ignoreStdin: true}),
  }

  async run(): Promise<CompletionsResult> {
    const {args} = await this.parse(Completions)
    const result = {shell: args.shell, script: completionScript(args.shell)}
    return this.show(result, result.script)
  }
}
