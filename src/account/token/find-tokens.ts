import {failure, hasCode, refusalBehind, type Ports, type RegistryClient} from '@apkg/command-kit'

import {idsByOldValue} from './find-by-old-value.js'
import {listTokens} from './list-tokens.js'
import {selectTokens, unmatchedBy, type Selection} from './select-tokens.js'
import {type HolderQuery, listMatchingTokens, type TokenFilters} from './token-filters.js'
import type {Token} from './token.js'

/** The tokens to find: those of an organization, or else the user's own. `choice`: the user picks them from a list. */
export type TokenQuery = {organization?: string | undefined} & (
  | {kind: 'named'; selectors: readonly string[]}
  | {kind: 'matching'; filters: TokenFilters; exceptCurrent: boolean}
  | {kind: 'choice'; filters: TokenFilters}
)

/** What the prompt shows for a `choice`. */
export interface Choice {
  message: string
  toChoices: (tokens: readonly Token[]) => {name: string; value: Token}[]
}

/**
 * Finds the tokens that a query selects. Expired and revoked tokens are only found by name.
 *
 * @throws {ApkgError} `TOKEN_AMBIGUOUS`, `TOKEN_NOT_FOUND`; `NOT_OFFERED` if the registry doesn't report what is
 *   needed.
 */
export async function findTokens(
  client: RegistryClient,
  query: TokenQuery,
  {message, toChoices}: Choice,
  {prompts, now}: Pick<Ports, 'prompts' | 'now'>,
): Promise<Selection> {
  if (query.kind === 'named') return findNamed(client, query.selectors, {...query, now: now()})
  const matching = await listMatchingTokens(client, query.filters, {...query, now: now()})
  if (query.kind === 'choice') {
    const choices = toChoices(matching)
    return {tokens: choices.length === 0 ? [] : await prompts.choose({message, choices}), unmatched: []}
  }
  if (!query.exceptCurrent) return {tokens: matching, unmatched: []}
  const current = await tokenInUse(client)
  return {tokens: matching.filter(({id}) => id !== current), unmatched: [], withoutCurrent: true}
}

/**
 * Finds the tokens that arguments name, including expired and revoked ones if the registry can list them.
 *
 * @param options.isRead whether the command changes nothing.
 * @throws {ApkgError} `TOKEN_AMBIGUOUS`, `TOKEN_NOT_FOUND`.
 */
export async function findNamed(
  client: RegistryClient,
  selectors: readonly string[],
  {organization, now}: HolderQuery,
  {isRead}: {isRead?: boolean} = {},
): Promise<Selection> {
  const live = await listTokens(client, {now, organization})
  const missing = unmatchedBy(live, selectors)
  const ids = missing.length > 0 ? await idsByOldValue(client, missing, organization) : new Map<string, string>()
  const isComplete = missing.every((selector) => live.some(({id}) => id === ids.get(selector)))
  const tokens = isComplete ? live : ((await listEnded(client, {organization, now})) ?? live)
  const place = {registry: client.registry, organization}
  return selectTokens(selectors, tokens, place, {idsByOldValue: ids, ...(isRead !== undefined && {isRead})})
}

async function listEnded(client: RegistryClient, query: HolderQuery): Promise<Token[] | undefined> {
  try {
    return await listTokens(client, {...query, ended: true})
  } catch (error) {
    if (hasCode(error, 'NOT_OFFERED') || refusalBehind(error)?.status === 400) return undefined
    throw error
  }
}

/** @returns undefined for a session. */
async function tokenInUse(client: RegistryClient): Promise<string | undefined> {
  const {credential} = await client.call('whoami', {})
  if (!credential) {
    const suggestions = ['run `apkg token list`, and pass the IDs of the tokens instead of --except-current']
    throw failure('NOT_OFFERED', {purpose: 'find the token in use', registry: client.registry, suggestions})
  }
  return credential.kind === 'token' ? credential.id : undefined
}
