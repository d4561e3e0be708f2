import {RegistryCommand} from '@apkg/command-kit'

import {listTokens} from '../../account/token/list-tokens.js'
import type {Token} from '../../account/token/token.js'
import {suspensionWarning, tokenList} from '../../views/account/token-list.js'

/** Your active tokens. */
export interface TokenListResult {
  /** URL of the registry. */
  registry: string
  /** Your tokens, without their values. */
  tokens: Token[]
}

export default class TokenList extends RegistryCommand<TokenListResult> {
  static override readonly summary = 'List your API tokens.'

  static override readonly description = `Lists active tokens. Only the first few characters of each token are shown.

On a terminal, prints a table. Otherwise, prints one token per line, with tab-separated fields: label, ID, prefix, scopes, packages, creation, last use, expiry.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'Print the IDs of tokens that have never been used',
      command: `<%= config.bin %> <%= command.id %> --json | jq -r '.tokens[] | select(.lastUsedAt == null).id'`,
    },
  ]

  async run(): Promise<TokenListResult> {
    const {flags} = await this.parse(TokenList)
    const {client} = await this.connect(flags)
    const result = {registry: client.registry, tokens: await listTokens(client)}
    if (result.tokens.length === 0) this.note('No API tokens. To create one, run `apkg token create`.')
    const suspension = suspensionWarning(result.tokens)
    if (suspension !== undefined) this.warning(suspension)
    return this.show(result, tokenList(result.tokens, this.ports.stdout))
  }
}
