import {ApkgCommand} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {completionScript, shells, type Shell} from '../machine/completion/shell.js'

/** The completion script. */
export interface CompletionsResult {
  shell: Shell
  script: string
}

export default class Completions extends ApkgCommand<CompletionsResult> {
  static override readonly summary = 'Print a shell completion script.'

  static override readonly description = `To set up completion automatically, run \`apkg autocomplete\`. To set it up manually, add the line for your shell to its startup file. The script asks apkg for completions, so it covers plugins and never has to be regenerated.

bash: \`source <(apkg completions bash)\` in ~/.bashrc
zsh: \`source <(apkg completions zsh)\` in ~/.zshrc
fish: \`apkg completions fish | source\` in ~/.config/fish/config.fish
PowerShell: \`apkg completions powershell | Out-String | Invoke-Expression\` in $PROFILE`

  static override readonly examples = ['<%= config.bin %> <%= command.id %> bash']

  static override readonly args = {
    shell: Args.custom<Shell>({options: [...shells]})({
      description: 'Shell to print the script for.',
      required: true,
      ignoreStdin: true,
    }),
  }

  async run(): Promise<CompletionsResult> {
    const {args} = await this.parse(Completions)
    const result = {shell: args.shell, script: completionScript(args.shell)}
    return this.show(result, result.script)
  }
}
