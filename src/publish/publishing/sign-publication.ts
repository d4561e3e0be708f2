import {failure, type Ports, type RegistryClient} from '@apkg/command-kit'
import {authorStatement, signWith} from '@apkg/package-format/signing'

import {passphraseFor} from '../../account/keys/passphrase.js'
import {unlock} from '../../account/keys/unlock.js'
import {signProvenance} from '../../trust/provenance/sign-provenance.js'
import type {Publication} from './prepare-publication.js'
import {chooseSigner, type SigningOptions} from './choose-signer.js'

/**
 * Signs a version, for the registry it is sent to, and its provenance, if there is a key to sign with.
 *
 * @returns the publication to send, and warnings, one sentence each.
 * @throws {ApkgError} `USAGE` for provenance without a canonical form; the errors of `chooseSigner` and `unlock`.
 */
export async function signPublication(
  publication: Publication,
  client: RegistryClient,
  options: SigningOptions,
  ports: Ports,
): Promise<{publication: Publication; warnings: string[]}> {
  const {key, warnings} = await chooseSigner(client, options, ports)
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
    const message = `The provenance statement cannot be signed: ${error.message}`
    throw failure('USAGE', {message, suggestions: ['fix the file given by --provenance']}, {cause: error})
  }
}
