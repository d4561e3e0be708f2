import {RegistryCommand} from '@apkg/command-kit'

import {listTokens} from '../../account/token/list-tokens.js'
import type {Token} from '../../account/token/token.js'
import {suspendedTokens, tokenList} from '../../views/account/token-list.js'

/** The active tokens of the user. */
export interface TokenListResult {
  /** URL of the registry. */
  registry: string
  tokens: Token[]
}

export default class TokenList extends RegistryCommand<TokenListResult> {
  static override readonly summary = 'List your API tokens.'

  static override readonly description = `Shows each live token's label, id, the first characters of its value, scopes, packages, creation, last use and expiry. Never a whole value.

On a terminal it is a table; anywhere else a line a token with tabs between those fields.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'The ids of tokens that were never used:',
      command: `<%= config.bin %> <%= command.id %> --json | jq -r '.tokens[] | select(.lastUsedAt == null).id'`,
    },
  ]

  async run(): Promise<TokenListResult> {
    const {flags} = await this.parse(TokenList)
    const {client} = await this.connect(flags)
    const result = {registry: client.registry, tokens: await listTokens(client)}
    if (result.tokens.length === 0) this.note('No API tokens. Create one with `apkg token create`.')
    const suspended = suspendedTokens(result.tokens)
    if (suspended !== undefined) this.warning(suspended)
    return this.show(result, tokenList(result.tokens, this.ports.stdout))
  }
}
