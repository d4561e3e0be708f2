import {printable, refusalBehind, type RegistryClient} from '@apkg/command-kit'
import type {TokenLogPage} from '@apkg/wire/protocol'

import {failure} from '../failures.js'
import {findNamed} from './find-tokens.js'
import {organizationsNotOffered} from './list-tokens.js'
import {orgOption} from './org-option.js'
import type {HolderQuery} from './token-filters.js'

/** An entry of the registry's audit log about one of your tokens. */
export interface TokenLogEntry {
  /** @format date-time */
  at: string
  /** The action, such as `token.rotate`, or `package.publish` if the token was used for it. */
  action: string
  /** ID of the token. */
  id: string
  /** Label of the token; null if the registry doesn't report it. */
  label: string | null
  /** Who did it: a username, `(operator)` or `(registry)`; null if it is unknown. */
  actor: string | null
  /** ID of the session or token that authenticated the request; null if someone else did it. */
  credential: string | null
  /** The address that the registry saw; null if someone else did it. */
  address: string | null
  /** The `User-Agent` header; null without one, or if someone else did it. */
  agent: string | null
  /** The package that was changed, or the ID of the token. */
  target: string | null
  /** Details that depend on the action. */
  detail: Record<string, unknown>
}

export interface TokenLogQuery {
  /** An ID, a label or a prefix. Undefined means all tokens of the user. */
  token: string | undefined
  since: Date | undefined
  /** The maximum number of entries. */
  limit: number
  /** The organization whose tokens the entries are about. By default, the user's own. */
  organization?: string | undefined
}

/** Entries of the log, newest first. */
export interface TokenLog {
  entries: TokenLogEntry[]
  /** Whether older entries exist. */
  hasMore: boolean
}

/** The maximum that registries accept. */
const pageSize = 1000

/**
 * Fetches the log of a token, or of all tokens of the user.
 *
 * @throws {ApkgError} `TOKEN_NOT_FOUND`, `TOKEN_AMBIGUOUS`; `NOT_OFFERED` if the registry has no such log.
 */
export async function readTokenLog(
  client: RegistryClient,
  {token, since, limit, organization}: TokenLogQuery,
  now: Date,
): Promise<TokenLog> {
  const id = token === undefined ? undefined : await idOf(client, token, {organization, now})
  const filter = {
    ...(organization !== undefined && {organization}),
    ...(id !== undefined && {token: id}),
    ...(since && {since: since.toISOString()}),
  }
  const entries: TokenLogEntry[] = []
  let cursor: string | undefined
  for (;;) {
    const wanted = Math.min(limit - entries.length, pageSize)
    const page = await fetchPage(client, {...filter, limit: wanted, ...(cursor !== undefined && {cursor})})
    if (organization !== undefined && page.organization !== organization) throw organizationsNotOffered(client)
    entries.push(...page.entries.slice(0, wanted).map(fromWire))
    const isLast = !page.nextCursor || page.entries.length === 0
    if (isLast || entries.length >= limit) return {entries, hasMore: !isLast}
    cursor = page.nextCursor ?? undefined
  }
}

async function idOf(client: RegistryClient, selector: string, query: HolderQuery): Promise<string> {
  const {tokens} = await findNamed(client, [selector], query, {isRead: true})
  return tokens.map(({id}) => id).join()
}

async function fetchPage(
  client: RegistryClient,
  query: {organization?: string; token?: string; since?: string; limit: number; cursor?: string},
): Promise<TokenLogPage> {
  try {
    return await client.call('getTokenLog', {query})
  } catch (error) {
    const refusal = refusalBehind(error)
    const {registry} = client
    if (refusal?.code === 'TOKEN_NOT_FOUND' && query.token !== undefined) {
      const {organization} = query
      throw failure('TOKEN_NOT_FOUND', {selectors: [printable(query.token)], registry, organization}, {cause: error})
    }
    if (refusal?.status !== 404 && refusal?.status !== 405) throw error
    const suggestions = [
      `run \`apkg token list --registry ${registry}${orgOption(query.organization)}\` to see when tokens were last used`,
    ]
    throw failure('NOT_OFFERED', {purpose: 'show the log of API tokens', registry, suggestions}, {cause: error})
  }
}

function fromWire(entry: TokenLogPage['entries'][number]): TokenLogEntry {
  const {at, action, tokenId: id, tokenName: label, actor, credential, address, agent, target, detail} = entry
  return {
    ...{at, action, id},
    label: label ?? null,
    actor: actor ?? null,
    credential: credential ?? null,
    address: address ?? null,
    agent: agent ?? null,
    target: target ?? null,
    detail: detail ?? {},
  }
}
