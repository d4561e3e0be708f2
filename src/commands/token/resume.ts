import {RegistryCommand} from '@apkg/command-kit'

import {withConfirmation} from '../../account/session/confirm.js'
import {changeSelected} from '../../account/token/change-selected.js'
import {exitCodeOf} from '../../account/token/change-tokens.js'
import {resumption, type ResumptionOutcome} from '../../account/token/suspend-token.js'
import {resumptionFlags, suspensionQueryOf} from '../../entry/flags/suspension-flags.js'
import {tokensArg} from '../../entry/flags/token-selection-flags.js'
import {outcomeLines, tokenQuestions} from '../../views/account/token-changes.js'
import {momentsOn} from '../../views/moment.js'

/** The tokens, and whether each was resumed. */
export interface TokenResumeResult {
  /** URL of the registry. */
  registry: string
  /** The outcome for each token. */
  tokens: ResumptionOutcome[]
}

export default class TokenResume extends RegistryCommand<TokenResumeResult> {
  static override readonly summary = 'Resume API tokens that you suspended.'

  static override readonly description = `Requires a login, and your password if you logged in too long ago. If the registry operator also suspended a token, this only lifts your own suspension, and the exit code is 3.

Select tokens in the same way as for \`apkg token revoke\`. Filters and --all select suspended tokens.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> ci-deploy',
    '<%= config.bin %> <%= command.id %> --all --dry-run',
  ]

  static override readonly completion = {tokens: 'suspended-token', org: 'managed-organization'}

  static override readonly args = {tokens: tokensArg('resume')}

  static override readonly flags = resumptionFlags

  async run(): Promise<TokenResumeResult> {
    const {args, flags} = await this.parse(TokenResume)
    const query = suspensionQueryOf('resume', args.tokens ?? [], flags, this.ports)
    const {client} = await this.connect(flags)
    const options = {isDryRun: flags['dry-run'], isAgreed: flags.yes}
    const confirmable = {purpose: 'resume a token', command: 'token resume', argv: this.argv, flags}
    const change = resumption(this.ports.now(), (work) => withConfirmation(client, confirmable, this.ports, work))
    const tokens = await changeSelected(client, query, change, options, tokenQuestions('resume'), this.ports)
    this.note(outcomeLines(tokens, 'resume', momentsOn(this.ports.stderr, this.ports.now())))
    this.endWith(exitCodeOf(tokens))
    return this.show({registry: client.registry, tokens}, '')
  }
}
