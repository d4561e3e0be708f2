import {authorStatement, keyIdOf, signWith, toBase64, type KeyPair} from '@apkg/package-format/signing'

import {signProvenance} from '../../src/trust/provenance/sign-provenance.js'
import {packDraft, sendPackage, type Draft, type PackedDraft} from './publish-package.js'

/** Registers an author's key and returns its ID. */
export async function registerKey(registry: string, session: string, {publicKey}: KeyPair): Promise<string> {
  const response = await fetch(`${registry}/auth/keys`, {
    method: 'POST',
    headers: {'content-type': 'application/json', authorization: `Bearer ${session}`},
    body: JSON.stringify({publicKey: toBase64(publicKey), name: 'laptop'}),
  })
  if (!response.ok) throw new Error(`The key could not be registered: ${response.status} ${await response.text()}`)
  return keyIdOf(publicKey)
}

/** Publishes a package that is signed with a registered key, optionally with signed provenance. */
export async function publishSigned(
  registry: string,
  session: string,
  draft: Draft,
  {key, provenance}: {key: KeyPair; provenance?: (integrity: string) => Record<string, unknown>},
): Promise<PackedDraft> {
  const packed = await packDraft(draft)
  const {name, version, integrity} = packed.metadata
  const statement = authorStatement({registry, name, version, integrity})
  const metadata = {
    ...packed.metadata,
    signature: {keyId: keyIdOf(key.publicKey), signature: signWith(key.seed, statement)},
    ...(provenance && {provenance: signProvenance(provenance(integrity), key.seed)}),
  }
  const response = await sendPackage(registry, session, {...packed, metadata})
  if (!response.ok) throw new Error(`${name} could not be published: ${response.status} ${await response.text()}`)
  return packed
}
