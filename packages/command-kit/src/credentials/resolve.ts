import {inspectTokenValue} from '@apkg/wire'

import {failure} from '../errors/apkg-error.js'
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
    assertWhole(credential)
    return credential
  }
  return undefined
}

/**
 * Names the sources after the first that have a credential for the registry too, and so are shadowed by it. One that
 * cannot be read is named with its error, since it would be used if the first were not there.
 */
export async function shadowedSources(sources: readonly CredentialSource[], query: CredentialQuery): Promise<string[]> {
  const found: string[] = []
  for (const source of sources) {
    try {
      const credential = await source.find(query)
      if (credential) found.push(credential.source)
    } catch (error) {
      found.push(`${source.name} (${error instanceof Error ? error.message : 'unreadable'})`)
    }
  }
  return found.slice(1)
}

/**
 * Checks a credential before any request is made with it.
 *
 * @throws {ApkgError} `TOKEN_DAMAGED`, `TOKEN_UNSENDABLE`.
 */
export function assertWhole({secret, source}: Credential): void {
  const value = secret.expose()
  if (!/^[\x21-\x7E]+$/.test(value)) throw failure('TOKEN_UNSENDABLE', {source})
  if (inspectTokenValue(value).state === 'damaged') throw failure('TOKEN_DAMAGED', {source, length: value.length})
}
