import {printable, refusalBehind, type ApkgError, type RegistryClient} from '@apkg/command-kit'
import {isShownPrefix, tokenIdPattern} from '@apkg/wire'
import type {TokenDetails as DetailedResponse} from '@apkg/wire/protocol'

import {failure} from '../failures.js'
import {organizationFromWire} from '../restrictions.js'
import {findNamed} from './find-tokens.js'
import {orgOption} from './org-option.js'
import type {HolderQuery} from './token-filters.js'
import {tokenFromWire, type Token} from './token.js'

/**
 * Fetches a token with everything that the registry knows about it.
 *
 * @param selector an ID, a label, a unique prefix of an ID, or the first characters of the value or of the one before.
 *   Undefined: the token in use.
 * @throws {ApkgError} `TOKEN_NOT_FOUND`, `TOKEN_AMBIGUOUS`; `CURRENT_NOT_A_TOKEN`; `NOT_OFFERED` if the registry has no
 *   such endpoint; the errors of the client.
 */
export async function showToken(
  client: RegistryClient,
  selector: string | undefined,
  query: HolderQuery,
): Promise<Token> {
  const response = selector === undefined ? await current(client) : await named(client, selector, query)
  return tokenFromWire(response, query.now)
}

async function current(client: RegistryClient): Promise<DetailedResponse> {
  const {registry} = client
  try {
    return await client.call('getCurrentToken', {})
  } catch (error) {
    const refusal = refusalBehind(error)
    if (refusal?.code === 'NO_CURRENT_TOKEN') throw failure('CURRENT_NOT_A_TOKEN', {registry}, {cause: error})
    if (!isMissing(refusal?.status)) throw error
    throw notOffered(`run \`apkg whoami --registry ${registry}\` to see the credential in use`, registry, error)
  }
}

async function named(client: RegistryClient, selector: string, query: HolderQuery): Promise<DetailedResponse> {
  const {registry} = client
  const {organization} = query
  const isExact = tokenIdPattern.test(selector) || isShownPrefix(selector)
  const id = isExact ? selector : await idOf(client, selector, query)
  try {
    const holder = organization === undefined ? {} : {organization}
    const response = await client.call('getToken', {params: {id}, query: holder})
    if (organizationFromWire(response.organization) === (organization ?? null)) return response
  } catch (error) {
    const refusal = refusalBehind(error)
    if (refusal?.code === 'TOKEN_NOT_FOUND') throw notFound(selector, client, query, error)
    if (!isMissing(refusal?.status)) throw error
    throw notOffered(`run \`apkg token list --registry ${registry}${orgOption(organization)}\``, registry, error)
  }
  // An admin can fetch any token of the organization by ID.
  throw notFound(selector, client, query)
}

async function idOf(client: RegistryClient, selector: string, query: HolderQuery): Promise<string> {
  const {tokens} = await findNamed(client, [selector], query, {isRead: true})
  return tokens.map(({id}) => id).join()
}

function isMissing(status: number | undefined): boolean {
  return status === 404 || status === 405
}

function notFound(
  selector: string,
  {registry}: RegistryClient,
  {organization}: HolderQuery,
  cause?: unknown,
): ApkgError {
  return failure('TOKEN_NOT_FOUND', {selectors: [printable(selector)], registry, organization}, {cause})
}

function notOffered(suggestion: string, registry: string, cause: unknown): ApkgError {
  return failure('NOT_OFFERED', {purpose: 'show an API token', registry, suggestions: [suggestion]}, {cause})
}
