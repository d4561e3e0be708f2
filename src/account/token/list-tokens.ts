import {failure, type RegistryClient} from '@apkg/command-kit'

import {tokenFromWire, type Token} from './token.js'

/** More pages than any account fills; a registry that names further ones is going round in circles. */
const mostPages = 1000

/** Every live token of the user: a registry that answers in pages is asked for all of them. */
export async function listTokens(client: RegistryClient): Promise<Token[]> {
  const tokens: Token[] = []
  let cursor: string | undefined
  for (let page = 0; page < mostPages; page++) {
    const answer = await client.call('listTokens', {query: cursor === undefined ? {} : {cursor}})
    tokens.push(...answer.tokens.map(tokenFromWire))
    if (!answer.nextCursor) return tokens
    cursor = answer.nextCursor
  }
  throw failure('BAD_ANSWER', {
    purpose: 'list API tokens',
    registry: client.registry,
    source: client.credential?.source,
    reason: 'its list does not end',
  })
}
