import {exitCodes, RegistryCommand} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import {failure} from '../../account/failures.js'
import {listMatchingTokens} from '../../account/token/token-filters.js'
import type {Token} from '../../account/token/token.js'
import {orgFlag} from '../../entry/flags/org-flag.js'
import {tokenFilterFlags, tokenFiltersOf} from '../../entry/flags/token-filter-flags.js'
import {noTokens, suspensionWarning, tokenList, valuelessWarnings} from '../../views/account/token-list.js'

/** Your tokens, or those of an organization. */
export interface TokenListResult {
  /** URL of the registry. */
  registry: string
  /** Your tokens, or those of the organization, without their values. */
  tokens: Token[]
}

export default class TokenList extends RegistryCommand<TokenListResult> {
  static override readonly summary = 'List your API tokens.'

  static override readonly description = `Lists active and suspended tokens. Only the first few characters of each token are shown. Filters narrow the list, and tokens have to match all of them. --expired and --revoked list tokens that no longer work.

On a terminal, prints a table. Otherwise, prints one token per line, with tab-separated fields: label, ID, prefix, scopes, packages, creation, last use, expiry, status, note, uses left, organization, creator, revocation.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: "List tokens that haven't been used for 90 days",
      command: '<%= config.bin %> <%= command.id %> --unused 90d',
    },
    {
      description: 'In a cron job, exit with 7 if a token expires within 14 days',
      command: '<%= config.bin %> <%= command.id %> --expiring 14d --exit-code',
    },
  ]

  static override readonly aliases = ['token:ls']

  static override readonly completion = {org: 'managed-organization'}

  static override readonly flags = {
    ...orgFlag('List the tokens of this organization instead of your own.'),
    ...tokenFilterFlags,
    'exit-code': Flags.boolean({summary: 'Exit with 7 if a token matches the filters, and with 0 if none does.'}),
  }

  async run(): Promise<TokenListResult> {
    const {flags} = await this.parse(TokenList)
    const now = this.ports.now()
    const filters = tokenFiltersOf(flags, now)
    if (flags['exit-code'] && !filters) throw failure('USAGE', {message: '--exit-code requires a filter'})
    const {client} = await this.connect(flags)
    const tokens = await listMatchingTokens(client, filters ?? {}, {organization: flags.org, now})
    if (tokens.length === 0) this.note(noTokens({isFiltered: filters !== undefined, organization: flags.org}))
    const suspension = suspensionWarning(tokens)
    if (suspension !== undefined) this.warning(suspension)
    this.warning(...valuelessWarnings(tokens, client.registry))
    if (flags['exit-code'] && tokens.length > 0) this.endWith(exitCodes.matched)
    return this.show({registry: client.registry, tokens}, tokenList(tokens, this.ports.stdout, now))
  }
}
