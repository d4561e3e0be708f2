import {keyIdOf, provenanceStatement, publicKeyOfSeed, signWith} from '@apkg/package-format/signing'

/**
 * Signs a provenance statement. The result replaces its `signatures`.
 *
 * @param seed the author's private key, 32 bytes.
 * @throws {TypeError} for a statement without a canonical form, see `canonicalJson`.
 */
export function signProvenance(
  statement: Readonly<Record<string, unknown>>,
  seed: Uint8Array,
): Record<string, unknown> {
  const sig = signWith(seed, provenanceStatement(statement))
  return {...statement, signatures: [{keyid: keyIdOf(publicKeyOfSeed(seed)), sig}]}
}
