import {RegistryCommand} from '@apkg/command-kit'

import {changeSelected} from '../../account/token/change-selected.js'
import {exitCodeOf} from '../../account/token/change-tokens.js'
import {revocation, revokeCurrentToken, type Revocation} from '../../account/token/revoke-token.js'
import {parseValues, revokeValues} from '../../account/token/revoke-values.js'
import {revocationFlags, revocationOf} from '../../entry/flags/revocation-flags.js'
import {optionsOf, tokensArg} from '../../entry/flags/token-selection-flags.js'
import {outcomeLines, reportedValues, tokenQuestions, unrecognizedValues} from '../../views/account/token-changes.js'
import {momentsOn} from '../../views/moment.js'

/** The tokens, and whether each was revoked. */
export interface TokenRevokeResult {
  /** URL of the registry. */
  registry: string
  /** The outcome for each token. */
  tokens: Revocation[]
  /** How many values were sent with --values-stdin; absent otherwise. The registry doesn't report which were valid. */
  values?: number
  /** With --values-stdin, the numbers, from 1, of lines without a recognized value; absent otherwise. Not sent. */
  unrecognizedLines?: number[]
}

export default class TokenRevoke extends RegistryCommand<TokenRevokeResult> {
  static override readonly summary = 'Revoke API tokens.'

  static override readonly description = `A revoked token stops working immediately.

An argument is an ID, a label, a unique prefix of an ID (4 characters or more), or the first 12 characters of the token's value, which \`apkg token show\` prints. If an argument matches several tokens, or no argument matches any, nothing is revoked. If only some arguments match, those tokens are revoked, and the exit code is 6. Revoking a token again is not an error.

Filters and --all select active and suspended tokens. They require confirmation; without a terminal, pass --yes. Without arguments and filters, you can choose from a list on a terminal.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> ci-deploy 7k3f',
    {
      description: 'At the end of a CI job, revoke the token that the job used',
      command: '<%= config.bin %> <%= command.id %> --current',
    },
    {
      description: "Review and revoke tokens that haven't been used for 90 days",
      command: '<%= config.bin %> <%= command.id %> --unused 90d',
    },
    {
      description: 'Revoke values that you found, without a login',
      command: 'cat found.txt | <%= config.bin %> <%= command.id %> --values-stdin --registry https://r.example.com',
    },
  ]

  static override readonly aliases = ['token:rm', 'token:delete', 'token:remove']

  static override readonly completion = {tokens: 'token', org: 'managed-organization'}

  static override readonly args = {tokens: tokensArg('revoke')}

  static override readonly flags = revocationFlags

  async run(): Promise<TokenRevokeResult> {
    const {args, flags} = await this.parse(TokenRevoke)
    const query = revocationOf(args.tokens ?? [], flags, this.ports)
    if (query.kind === 'values') {
      const {values, unrecognizedLines} = parseValues(await this.ports.stdin.readAll('values to revoke'))
      const {client} = await this.connect(flags, 'none')
      await revokeValues(client, values, flags.note)
      this.success(reportedValues(values.length))
      this.warning(...unrecognizedValues(unrecognizedLines))
      return this.show({registry: client.registry, tokens: [], values: values.length, unrecognizedLines}, '')
    }
    const {client} = await this.connect(flags)
    const outcomes =
      query.kind === 'current'
        ? [await revokeCurrentToken(client)]
        : await changeSelected(client, query, revocation, optionsOf(flags), tokenQuestions('revoke'), this.ports)
    this.note(outcomeLines(outcomes, 'revoke', momentsOn(this.ports.stderr, this.ports.now())))
    this.endWith(exitCodeOf(outcomes))
    return this.show({registry: client.registry, tokens: outcomes}, '')
  }
}
