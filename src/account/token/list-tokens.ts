import {failure, type RegistryClient} from '@apkg/command-kit'

import {tokenFromWire, type Token} from './token.js'

/** Stops at a registry whose cursors loop. */
const maxPages = 1000

/** All active tokens of the user, from all pages. */
export async function listTokens(client: RegistryClient): Promise<Token[]> {
  const tokens: Token[] = []
  let cursor: string | undefined
  for (let page = 0; page < maxPages; page++) {
    const response = await client.call('listTokens', {query: cursor === undefined ? {} : {cursor}})
    for (const token of response.tokens) tokens.push(tokenFromWire(token))
    if (!response.nextCursor) return tokens
    cursor = response.nextCursor
  }
  throw failure('BAD_RESPONSE', {
    purpose: 'list API tokens',
    registry: client.registry,
    source: client.credential?.source,
    reason: `the list has more than ${maxPages} pages`,
  })
}
