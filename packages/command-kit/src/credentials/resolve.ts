import {inspectTokenValue} from '@apkg/wire'

import {failure} from '../errors/define-failures.js'
import type {Credential, CredentialQuery, CredentialSource} from './source.js'

/**
 * Asks the sources in their order; the first that has a credential for the registry provides it. A source that fails
 * stops the search: falling back to another one would use a credential that the user did not mean.
 *
 * @throws {ApkgError} `TOKEN_DAMAGED` for a value of ours that is not whole, `TOKEN_UNSENDABLE` for one that no header
 *   can carry, and whatever a source throws.
 */
export async function resolveCredential(
  sources: readonly CredentialSource[],
  query: CredentialQuery,
): Promise<Credential | undefined> {
  for (const source of sources) {
    const credential = await source.find(query)
    if (!credential) continue
    assertWellFormed(credential)
    return credential
  }
  return undefined
}

/** A source that has a credential for the registry too, and is not asked because one before it has. */
export interface ShadowedSource {
  /** As a user knows it. */
  source: string
  /** Why it could not be used, were it asked; undefined where it could. */
  problem?: string
}

/** The sources after the first that have a credential for the registry too, or would fail if they were asked. */
export async function shadowedSources(
  sources: readonly CredentialSource[],
  query: CredentialQuery,
): Promise<ShadowedSource[]> {
  const found: ShadowedSource[] = []
  for (const source of sources) {
    try {
      const credential = await source.find(query)
      if (credential) found.push({source: credential.source})
    } catch (error) {
      found.push({source: source.name, problem: error instanceof Error ? error.message : 'it cannot be read'})
    }
  }
  return found.slice(1)
}

/**
 * Checks a credential before any request is made with it.
 *
 * @throws {ApkgError} `TOKEN_DAMAGED`, `TOKEN_UNSENDABLE`.
 */
export function assertWellFormed({secret, source}: Credential): void {
  const value = secret.expose()
  if (!/^[\x21-\x7E]+$/.test(value)) throw failure('TOKEN_UNSENDABLE', {source})
  if (inspectTokenValue(value).state === 'damaged') throw failure('TOKEN_DAMAGED', {source})
}
