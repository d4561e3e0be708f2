import {RegistryCommand} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {showToken} from '../../account/token/show-token.js'
import type {Token} from '../../account/token/token.js'
import {assertOneTokenToShow, showFlags} from '../../entry/flags/show-flags.js'
import {tokenDetails} from '../../views/account/token-details.js'

/** A token, with everything that the registry knows about it except its values. */
export interface TokenShowResult extends Token {
  /** URL of the registry. */
  registry: string
}

export default class TokenShow extends RegistryCommand<TokenShowResult> {
  static override readonly summary = 'Show everything about an API token.'

  static override readonly description = `Shows the token's scopes and packages, its status, when it expires, and what it was last used for. Also works for expired and revoked tokens.

If the token was rotated, also shows when the old value was last used and when it stops working, so that you can find what still uses it.

The token is an ID, a label, a unique prefix of an ID (4 characters or more), or the first 12 characters of the token's value or of its old value.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> ci',
    {
      description: 'Show the token that this job uses',
      command: '<%= config.bin %> <%= command.id %> --current',
    },
    {
      description: 'Print the address that the old value was last used from',
      command: '<%= config.bin %> <%= command.id %> ci --json | jq -r .oldValue.lastUse.address',
    },
  ]

  static override readonly usage = ['token show <token>', 'token show --current']

  static override readonly completion = {token: 'token', org: 'managed-organization'}

  static override readonly args = {
    token: Args.string({description: 'ID or label of the token to show.', ignoreStdin: true}),
  }

  static override readonly flags = showFlags

  async run(): Promise<TokenShowResult> {
    const {args, flags} = await this.parse(TokenShow)
    assertOneTokenToShow({...args, ...flags})
    const {client} = await this.connect(flags)
    const now = this.ports.now()
    const result = {registry: client.registry, ...(await showToken(client, args.token, {organization: flags.org, now}))}
    return this.show(result, tokenDetails(result, this.ports.stdout, now))
  }
}
