import {inspectTokenValue} from '@apkg/wire'

import {failure} from '../errors/define-failures.js'
import {tokenProblem} from './token-problem.js'
import type {Credential, CredentialQuery, CredentialSource} from './source.js'

/** The credential of the first source that has one. */
export interface ResolvedCredential {
  readonly credential: Credential | undefined
  /** The sources that were not asked. */
  readonly rest: readonly CredentialSource[]
}

/**
 * Returns the credential of the first source that has one for the registry. A source that fails stops the search, because
 * falling back to the next one could use a credential that the user didn't intend.
 *
 * @param isOptional whether to stop at a source that would have to request a credential
 * @throws {ApkgError} `TOKEN_DAMAGED`, `TOKEN_UNSENDABLE`; errors of the sources are passed on
 */
export async function resolveCredential(
  sources: readonly CredentialSource[],
  query: CredentialQuery,
  {isOptional = false}: {isOptional?: boolean} = {},
): Promise<ResolvedCredential> {
  for (const [index, source] of sources.entries()) {
    if (isOptional && source.isAvailable?.(query)) return {credential: undefined, rest: sources.slice(index)}
    const credential = await source.find(query)
    if (!credential) continue
    assertWellFormed(credential)
    return {credential, rest: sources.slice(index + 1)}
  }
  return {credential: undefined, rest: []}
}

/** A source with a credential for the registry that isn't used, because an earlier source has one. */
export interface ShadowedSource {
  /** The name that users know: `APKG_TOKEN`, `~/.apkg/credentials.json`. */
  source: string
  /** Why its credential couldn't be used; undefined if it could. */
  problem?: string
}

/** Returns the sources that have a credential for the registry, could request one, or fail. */
export async function shadowedSources(
  sources: readonly CredentialSource[],
  query: CredentialQuery,
): Promise<ShadowedSource[]> {
  const found: ShadowedSource[] = []
  for (const source of sources) {
    if (source.isAvailable?.(query)) found.push({source: source.name})
    try {
      const credential = await source.find(query)
      if (credential) found.push({source: credential.source})
    } catch (error) {
      found.push({source: source.name, problem: error instanceof Error ? error.message : 'it cannot be read'})
    }
  }
  return found
}

/**
 * Checks a credential before it is used.
 *
 * @throws {ApkgError} `TOKEN_DAMAGED` if the checksum of an apkg token is wrong, `TOKEN_UNSENDABLE` if it can't be
 *   a token, or a header can't contain it
 */
export function assertWellFormed({secret, source}: Credential): void {
  const value = secret.expose()
  const kind = tokenProblem(value)
  if (kind) throw failure('TOKEN_UNSENDABLE', {source, kind})
  if (inspectTokenValue(value).state === 'damaged') throw failure('TOKEN_DAMAGED', {source})
}
