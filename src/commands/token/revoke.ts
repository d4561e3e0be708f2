import {RegistryCommand} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {chooseTokens} from '../../account/token/choose-tokens.js'
import {exitCodeOf, revokeCurrentToken, revokeTokens, type Revocation} from '../../account/token/revoke-tokens.js'
import {parseValues, revokeValues} from '../../account/token/revoke-values.js'
import {assertRevocation, revocationFlags} from '../../entry/flags/revocation-flags.js'
import {reportedValues, revocationLines, tokenChoices} from '../../views/account/revocations.js'

/** The tokens, and whether each was revoked. */
export interface TokenRevokeResult {
  /** URL of the registry. */
  registry: string
  /** The outcome for each token. */
  tokens: Revocation[]
  /** How many values were sent with --values-stdin. The registry doesn't tell which of them were valid. Absent otherwise. */
  values?: number
}

export default class TokenRevoke extends RegistryCommand<TokenRevokeResult> {
  static override readonly summary = 'Revoke API tokens by ID or label.'

  static override readonly description = `A revoked token stops working immediately.

An argument is an ID, a label, a unique prefix of an ID (4 characters or more), or the 12 characters of the token's value that \`apkg token list\` prints. If an argument matches several tokens, or no argument matches any, nothing is revoked. If only some arguments match, those tokens are revoked, and the exit code is 6. Without arguments, you can choose from a list on a terminal.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> ci-deploy',
    '<%= config.bin %> <%= command.id %> 7k3f old-laptop',
    {
      description: 'At the end of a CI job, revoke the token that the job used',
      command: '<%= config.bin %> <%= command.id %> --current',
    },
    {
      description: 'Revoke values that you found, without a login',
      command:
        'cat found.txt | <%= config.bin %> <%= command.id %> --values-stdin --registry https://registry.example.com',
    },
  ]

  static override readonly completion = {tokens: 'token'}

  static override readonly args = {
    tokens: Args.string({
      description: 'IDs, labels or prefixes of the tokens to revoke.',
      multiple: true,
      ignoreStdin: true,
    }),
  }

  static override readonly flags = revocationFlags

  async run(): Promise<TokenRevokeResult> {
    const {args, flags} = await this.parse(TokenRevoke)
    const selectors = args.tokens ?? []
    assertRevocation(selectors, flags, this.ports)
    if (flags['values-stdin']) {
      const values = parseValues(await this.ports.stdin.readAll('values to revoke'))
      const {client} = await this.connect(flags, 'none')
      await revokeValues(client, values, flags.note)
      this.note(reportedValues(values.length))
      return this.show({registry: client.registry, tokens: [], values: values.length}, '')
    }
    const {client} = await this.connect(flags)
    const revocations = flags.current
      ? [await revokeCurrentToken(client)]
      : await revokeTokens(client, await chooseTokens(client, selectors, this.ports, tokenChoices))
    this.note(revocationLines(revocations))
    this.endWith(exitCodeOf(revocations))
    return this.show({registry: client.registry, tokens: revocations}, '')
  }
}
