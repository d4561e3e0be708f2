import {failure, type RegistryClient} from '@apkg/command-kit'

import {tokenFromWire, type Token} from './token.js'

/** Guards against a registry whose cursors loop. */
const maxPages = 1000

export interface ListOptions {
  now: Date
  /** Whether expired and revoked tokens are needed too. */
  ended?: boolean
  /** Whether the address of the last use is needed. */
  addresses?: boolean
  /** The organization whose tokens to list. By default, the user's own. */
  organization?: string | null | undefined
}

/**
 * Lists the active tokens of the user or of an organization, from all pages.
 *
 * @throws {ApkgError} `NOT_OFFERED` if the registry doesn't report what is needed.
 */
export async function listTokens(
  client: RegistryClient,
  {now, ended = false, addresses, organization = null}: ListOptions,
): Promise<Token[]> {
  const tokens: Token[] = []
  let cursor: string | undefined
  for (let page = 0; page < maxPages; page++) {
    const query = {
      ...(organization !== null && {organization}),
      ...(ended && {ended}),
      ...(cursor !== undefined && {cursor}),
    }
    const response = await client.call('listTokens', {query})
    // Otherwise the list could be the user's own tokens.
    if (organization !== null && response.organization !== organization) throw organizationsNotOffered(client)
    if (ended && response.includesEnded !== true)
      throw notOffered(
        'list tokens that expired or were revoked',
        client,
        'run `apkg token list` to see the tokens that work',
      )
    if (addresses && response.tokens.some(({lastUsed, lastUse}) => lastUsed && lastUse === undefined)) {
      throw notOffered('report where tokens were last used', client, 'leave out --last-used-from')
    }
    const listed = response.tokens.map((token) => tokenFromWire(token, now))
    tokens.push(...listed.filter((token) => token.organization === organization))
    if (!response.nextCursor) return tokens
    cursor = response.nextCursor
  }
  throw failure('BAD_RESPONSE', {
    purpose: 'list API tokens',
    registry: client.registry,
    reason: `the list has more than ${maxPages} pages`,
  })
}

export function organizationsNotOffered(client: RegistryClient) {
  return notOffered('manage tokens of organizations', client, 'leave out --org to use your own tokens')
}

function notOffered(purpose: string, {registry}: RegistryClient, suggestion: string) {
  return failure('NOT_OFFERED', {purpose, registry, suggestions: [suggestion]})
}
