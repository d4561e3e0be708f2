import {RegistryCommand} from '@apkg/command-kit'
import {Args, Flags} from '@oclif/core'

import {assertNoValues} from '../../account/token/select-tokens.js'
import {readTokenLog, type TokenLogEntry} from '../../account/token/token-log.js'
import {orgFlag} from '../../entry/flags/org-flag.js'
import {flagTimeAgo, timeFlag} from '../../entry/flags/time-flag.js'
import {moreEntries, tokenLog} from '../../views/account/token-log.js'

/** What happened to your tokens. */
export interface TokenLogResult {
  /** URL of the registry. */
  registry: string
  /** The entries, newest first. */
  entries: TokenLogEntry[]
  /** Whether there are older entries than --limit allows. */
  hasMore: boolean
}

export default class TokenLog extends RegistryCommand<TokenLogResult> {
  static override readonly summary = 'Show the audit log of your API tokens.'

  static override readonly description = `Shows entries of the registry's audit log, newest first: who created, rotated and revoked tokens, and what the tokens published or changed. Uses of a value that no longer works are listed at most once a minute for each address.

Without an argument, shows the entries of all your tokens. An argument is an ID, a label, a unique prefix of an ID (4 characters or more), or the first 12 characters of the token's value or of its old value.

On a terminal, prints a table. Otherwise, prints one entry per line, with tab-separated fields: time, action, label, ID, actor, address, target, credential, user agent, details.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> ci --since 7d',
    {
      description: 'Find out where revoked and rotated values are still used',
      command: `<%= config.bin %> <%= command.id %> --json | jq '.entries[] | select(.action | test("-use$"))'`,
    },
  ]

  static override readonly completion = {token: 'token', org: 'managed-organization'}

  static override readonly args = {
    token: Args.string({description: 'ID or label of a token.', ignoreStdin: true}),
  }

  static override readonly flags = {
    ...orgFlag('Show the entries of tokens of this organization instead of your own.'),
    since: timeFlag({
      summary: 'Show only entries since this date or time, or from this long ago, such as 7d.',
    }),
    limit: Flags.integer({summary: 'Show at most this many entries.', default: 100, min: 1}),
  }

  async run(): Promise<TokenLogResult> {
    const {args, flags} = await this.parse(TokenLog)
    if (args.token !== undefined) assertNoValues([args.token])
    const now = this.ports.now()
    const since = flags.since && flagTimeAgo('since', flags.since, now)
    const {client} = await this.connect(flags)
    const {entries, hasMore} = await readTokenLog(
      client,
      {token: args.token, since, limit: flags.limit, organization: flags.org},
      now,
    )
    if (entries.length === 0) this.note('No matching entries.')
    if (hasMore) this.note(moreEntries(flags.limit))
    return this.show(
      {registry: client.registry, entries, hasMore},
      tokenLog(entries, this.ports.stdout, this.ports.now()),
    )
  }
}
