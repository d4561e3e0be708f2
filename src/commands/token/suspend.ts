import {RegistryCommand} from '@apkg/command-kit'

import {changeSelected} from '../../account/token/change-selected.js'
import {exitCodeOf} from '../../account/token/change-tokens.js'
import {suspension, type SuspensionOutcome} from '../../account/token/suspend-token.js'
import {suspensionFlags, suspensionQueryOf} from '../../entry/flags/suspension-flags.js'
import {tokensArg} from '../../entry/flags/token-selection-flags.js'
import {outcomeLines, tokenQuestions} from '../../views/account/token-changes.js'
import {momentsOn} from '../../views/moment.js'

/** The tokens, and whether each was suspended. */
export interface TokenSuspendResult {
  /** URL of the registry. */
  registry: string
  /** The outcome for each token. */
  tokens: SuspensionOutcome[]
}

export default class TokenSuspend extends RegistryCommand<TokenSuspendResult> {
  static override readonly summary = 'Suspend API tokens until you resume them.'

  static override readonly description = `A suspended token stops working immediately. To make it work again, run \`apkg token resume\`. If you aren't sure whether a token leaked, suspend it while you look into it.

Select tokens in the same way as for \`apkg token revoke\`. Filters and --all select active tokens.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> ci-deploy --reason "Looks leaked"',
    {
      description: "Suspend the tokens that haven't been used for 90 days",
      command: '<%= config.bin %> <%= command.id %> --unused 90d --except-current',
    },
  ]

  static override readonly completion = {tokens: 'active-token', org: 'managed-organization'}

  static override readonly args = {tokens: tokensArg('suspend')}

  static override readonly flags = suspensionFlags

  async run(): Promise<TokenSuspendResult> {
    const {args, flags} = await this.parse(TokenSuspend)
    const query = suspensionQueryOf('suspend', args.tokens ?? [], flags, this.ports)
    const {client} = await this.connect(flags)
    const options = {isDryRun: flags['dry-run'], isAgreed: flags.yes}
    const change = suspension(flags.reason)
    const tokens = await changeSelected(client, query, change, options, tokenQuestions('suspend'), this.ports)
    this.note(outcomeLines(tokens, 'suspend', momentsOn(this.ports.stderr, this.ports.now())))
    this.endWith(exitCodeOf(tokens))
    return this.show({registry: client.registry, tokens}, '')
  }
}
