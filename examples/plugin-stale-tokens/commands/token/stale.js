import {failure, printable, RegistryCommand} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

const day = 86_400_000

export default class TokenStale extends RegistryCommand {
  static summary = 'List API tokens that have not been used for some time.'

  static description = 'Exits with 1 if there are any, so that a scheduled job fails.'

  static examples = ['<%= config.bin %> <%= command.id %> --days 90']

  static flags = {
    days: Flags.integer({summary: 'The number of days without use.', default: 90, min: 1}),
  }

  async run() {
    const {flags} = await this.parse(TokenStale)
    const {client} = await this.connect(flags)
    const limit = this.ports.now().getTime() - flags.days * day
    const tokens = (await listTokens(client))
      .map(({id, name, createdAt, lastUsed}) => ({id, label: name, lastUsed: lastUsed ?? null, createdAt}))
      .filter(({lastUsed, createdAt}) => Date.parse(lastUsed ?? createdAt) < limit)
    const lines = tokens.map(({id, label, lastUsed}) => [id, printable(label), lastUsed ?? 'never used'].join('  '))
    if (tokens.length > 0) this.endWith(1)
    return this.show({tokens}, lines.join('\n'))
  }
}

/** Fetches every page. A repeated cursor would cause an endless loop, so it is an error. */
async function listTokens(client) {
  const tokens = []
  const seen = new Set()
  for (let cursor; !seen.has(cursor);) {
    seen.add(cursor)
    const page = await client.call('listTokens', {query: cursor === undefined ? {} : {cursor}})
    tokens.push(...page.tokens)
    if (!page.nextCursor) return tokens
    cursor = page.nextCursor
  }
  throw failure('BAD_RESPONSE', {
    purpose: 'list API tokens',
    registry: client.registry,
    reason: 'the list does not end',
  })
}
