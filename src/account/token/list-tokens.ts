import {failure, type RegistryClient} from '@apkg/command-kit'

import {tokenFromWire, type Token} from './token.js'

/** Stops at a registry whose cursors loop. */
const maxPages = 1000

export interface ListOptions {
  now: Date
  /** Whether tokens that expired or were revoked are needed too. */
  ended?: boolean
  /** Whether the address of the last use is needed. */
  addresses?: boolean
}

/**
 * All active tokens of the user, from all pages.
 *
 * @throws {ApkgError} `NOT_OFFERED` if the registry doesn't report what is needed.
 */
export async function listTokens(
  client: RegistryClient,
  {now, ended = false, addresses}: ListOptions,
): Promise<Token[]> {
  const tokens: Token[] = []
  let cursor: string | undefined
  for (let page = 0; page < maxPages; page++) {
    const query = {...(ended && {ended}), ...(cursor !== undefined && {cursor})}
    const response = await client.call('listTokens', {query})
    if (ended && response.includesEnded !== true) throw notOffered('list tokens that expired or were revoked', client)
    if (addresses && response.tokens.some(({lastUsed, lastUse}) => lastUsed && lastUse === undefined)) {
      throw notOffered('report where tokens were last used', client)
    }
    for (const token of response.tokens) tokens.push(tokenFromWire(token, now))
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

function notOffered(purpose: string, {registry}: RegistryClient) {
  return failure('NOT_OFFERED', {purpose, registry})
}
