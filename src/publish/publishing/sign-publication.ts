import {failure, type Ports, type RegistryClient} from '@apkg/command-kit'
import {authorStatement, signWith} from '@apkg/package-format/signing'

import {passphraseFor} from '../../account/keys/passphrase.js'
import {unlock} from '../../account/keys/unlock.js'
import {signProvenance} from '../../trust/provenance/sign-provenance.js'
import type {Publication} from './prepare-publication.js'
import {publicationSigner, type SigningWish} from './choose-signer.js'

/**
 * Signs what is published, for the one registry that it goes to, and the provenance that goes with it, where there is a
 * key to sign with.
 *
 * @returns what to send, and what the author should know, a sentence each.
 * @throws {ApkgError} `USAGE` for provenance that has no one spelling to sign; what `publicationSigner` and `unlock` throw.
 */
export async function signPublication(
  publication: Publication,
  client: RegistryClient,
  wish: SigningWish,
  ports: Ports,
): Promise<{publication: Publication; warnings: string[]}> {
  const {key, warnings} = await publicationSigner(client, wish, ports)
  if (!key) return {publication, warnings}
  const seed = await unlock(key, passphraseFor(ports))
  const {metadata} = publication
  const {name, version, integrity, provenance} = metadata
  const statement = authorStatement({registry: client.registry, name, version, integrity})
  const signed = {
    ...metadata,
    signature: {keyId: key.keyId, signature: signWith(seed, statement)},
    ...(provenance && {provenance: signedProvenance(provenance, seed)}),
  }
  return {publication: {...publication, metadata: signed}, warnings}
}

function signedProvenance(statement: object, seed: Uint8Array): Record<string, unknown> {
  try {
    return signProvenance({...statement}, seed)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw failure('USAGE', {message: `--provenance: it cannot be signed: ${error.message}`}, {cause: error})
  }
}
