import type {RegistryClient} from '@apkg/command-kit'
import type {Signer, VersionMetadata} from '@apkg/wire/protocol'

import {currentOrPinnedKeys} from './version-source.js'
import {verifySignatures} from './verify-signatures.js'

/** Who signed a version. */
export interface VersionSignature {
  /**
   * `verified`: the author signed it, and the registry attests that with a trusted key. `unsigned`: it has no author's
   * signature. `invalid`: the signature is invalid, so an installation is refused. `unchecked`: the registry's keys
   * couldn't be fetched.
   */
  status: 'verified' | 'unsigned' | 'invalid' | 'unchecked'
  /** ID of the author's key; null unless it is verified. */
  signer: string | null
  /** The owner of the key, according to the registry. */
  username: string | null
}

/**
 * Verifies the signature of a version. Keys are fetched only if there is something to verify, because that pins those of a
 * new registry.
 *
 * @returns null if there is no version
 * @throws {ApkgError} the errors of fetching the registry's keys, except `OFFLINE`
 */
export async function signatureOf(
  {name, metadata, signers}: {name: string; metadata: VersionMetadata | undefined; signers: readonly Signer[]},
  client: RegistryClient,
  home: string,
): Promise<VersionSignature | null> {
  if (!metadata) return null
  const {version, dist} = metadata
  const attestations = dist?.attestations ?? []
  const isSigned = attestations.some(({kind, signer}) => kind === 'author' || (kind === 'registry' && signer))
  if (!isSigned) return {status: 'unsigned', signer: null, username: null}
  const {keys, isCurrent} = await currentOrPinnedKeys(client, home)
  const signed = {name, version, integrity: dist?.integrity ?? '', attestations, signers}
  const verdict = verifySignatures(signed, client.registry, keys)
  if (verdict.status === 'signed')
    return {status: 'verified', signer: verdict.signer, username: verdict.username ?? null}
  const status = verdict.status === 'unsigned' ? 'unsigned' : isCurrent ? 'invalid' : 'unchecked'
  return {status, signer: null, username: null}
}
