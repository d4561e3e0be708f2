import {canonicalJson} from './canonical-json.js'

/** What an author signs of a version: these bytes, under this name and number, at this registry. */
export interface AuthorStatement {
  /** Canonical URL. */
  registry: string
  name: string
  version: string
  /** `sha256-` and base64. */
  integrity: string
}

/** What a registry signs of a version that it has taken in. */
export interface RegistryStatement {
  /** The id of the registry's key. */
  keyId: string
  name: string
  version: string
  integrity: string
  /** RFC 3339. */
  publishedAt: string
  /** The id of the author's key that the version was signed with; empty where it was not signed. */
  signer: string
}

/** What a registry's key signs when another takes its place. */
export interface KeyRotationStatement {
  oldKeyId: string
  newKeyId: string
  /** base64 of the 32 raw bytes. */
  newPublicKey: string
  /** RFC 3339. */
  rotatedAt: string
}

/** The bytes that an author's key signs. */
export function authorStatement({registry, name, version, integrity}: AuthorStatement): Uint8Array {
  return statement('apkg author signature v1', {registry, name, version, integrity})
}

/** The bytes that a registry's key signs of a version. */
export function registryStatement(said: RegistryStatement): Uint8Array {
  const {keyId, name, version, integrity, publishedAt, signer} = said
  return statement('apkg registry attestation v1', {keyId, name, version, integrity, publishedAt, signer})
}

/** The bytes that a registry's former key signs of its successor. */
export function keyRotationStatement(said: KeyRotationStatement): Uint8Array {
  const {oldKeyId, newKeyId, newPublicKey, rotatedAt} = said
  return statement('apkg registry key rotation v1', {oldKeyId, newKeyId, newPublicKey, rotatedAt})
}

/**
 * The bytes that an author's key signs of a provenance statement: all of it but its `signatures`.
 *
 * @throws TypeError for what has no canonical spelling, see `canonicalJson`.
 */
export function provenanceStatement(provenance: Readonly<Record<string, unknown>>): Uint8Array {
  const said = Object.entries(provenance).filter(([field]) => field !== 'signatures')
  return Buffer.from(`apkg provenance v1\n${canonicalJson(Object.fromEntries(said))}`)
}

/**
 * A line that no statement of another kind begins with, then the fields as canonical JSON (RFC 8785), which for texts is
 * sorted names and no white space. So a signature over one kind never holds for another, nor for the bare integrity that
 * `dist.signatures` has.
 */
function statement(domain: string, fields: Record<string, string>): Uint8Array {
  const sorted = Object.fromEntries(Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1)))
  return Buffer.from(`${domain}\n${JSON.stringify(sorted)}`)
}
