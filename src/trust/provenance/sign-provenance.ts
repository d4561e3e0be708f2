import {keyIdOf, provenanceStatement, publicKeyOfSeed, signWith} from '@apkg/package-format/signing'

/**
 * A provenance statement with an author's signature of it, in place of what it has as `signatures`.
 *
 * @param seed the author's private key, 32 bytes.
 * @throws TypeError for a statement that has no canonical spelling, see `canonicalJson`.
 */
export function signProvenance(
  statement: Readonly<Record<string, unknown>>,
  seed: Uint8Array,
): Record<string, unknown> {
  const sig = signWith(seed, provenanceStatement(statement))
  return {...statement, signatures: [{keyid: keyIdOf(publicKeyOfSeed(seed)), sig}]}
}
