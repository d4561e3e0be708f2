import {failure, printable, RegistryCommand} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

const day = 86_400_000

export default class TokenStale extends RegistryCommand {
  static summary = 'List the API tokens that nobody has used for some time.'

  static description = 'Ends with exit code 1 where there are any, so that a scheduled job can tell.'

  static examples = ['<%= config.bin %> <%= command.id %> --days 90']

  static flags = {
    days: Flags.integer({summary: 'How long a token may be unused.', default: 90, min: 1}),
  }

  async run() {
    const {flags} = await this.parse(TokenStale)
    const {client} = await this.connect(flags)
    const limit = this.ports.now().getTime() - flags.days * day
    const tokens = (await everyToken(client))
      .map(({id, name, createdAt, lastUsed}) => ({id, label: name, lastUsed: lastUsed ?? null, createdAt}))
      .filter(({lastUsed, createdAt}) => Date.parse(lastUsed ?? createdAt) < limit)
    const lines = tokens.map(({id, label, lastUsed}) => [id, printable(label), lastUsed ?? 'never used'].join('  '))
    if (tokens.length > 0) this.endWith(1)
    return this.show({tokens}, lines.join('\n'))
  }
}

/** The registry may answer in pages; one that names itself as its next page is not asked for ever. */
async function everyToken(client) {
  const tokens = []
  const seen = new Set()
  for (let cursor; !seen.has(cursor);) {
    seen.add(cursor)
    const page = await client.call('listTokens', {query: cursor === undefined ? {} : {cursor}})
    tokens.push(...page.tokens)
    if (!page.nextCursor) return tokens
    cursor = page.nextCursor
  }
  throw failure('BAD_ANSWER', {purpose: 'list API tokens', registry: client.registry, reason: 'its list does not end'})
}
