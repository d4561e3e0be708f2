import type {RegistryStore, TokenHolder, TokenRecord} from '../server/store/store.js'
import {type OwnedTokenSummary, ownedTokenSummary} from './owned-token.js'

export interface SelectedToken {
  token: TokenRecord
  summary: OwnedTokenSummary
}

/**
 * Finds the tokens that match, by owner and age. Only these are kept in memory.
 *
 * @param holder finds only the tokens of this user or organization
 */
export async function selectTokens(
  store: Pick<RegistryStore, 'tokens'>,
  holder: TokenHolder | undefined,
  now: Date,
  matches: (summary: OwnedTokenSummary) => boolean,
): Promise<SelectedToken[]> {
  const selected: SelectedToken[] = []
  for await (const token of store.tokens.each(holder)) {
    const summary = ownedTokenSummary(token, now)
    if (matches(summary)) selected.push({token, summary})
  }
  return selected.sort(({summary: one}, {summary: other}) => {
    if (ownerOf(one) !== ownerOf(other)) return ownerOf(one) < ownerOf(other) ? -1 : 1
    if (one.createdAt !== other.createdAt) return one.createdAt < other.createdAt ? -1 : 1
    return one.id < other.id ? -1 : 1
  })
}

function ownerOf({organization, user}: OwnedTokenSummary): string {
  return organization ?? user
}
