import type {VerifiedOrigin} from '@apkg/wire'

import {canonicalJson} from './canonical-json.js'

/** What an author signs about a version. */
export interface AuthorStatement {
  /** Canonical URL. */
  registry: string
  name: string
  version: string
  /** `sha256-` and base64. */
  integrity: string
}

/** What a registry signs about a version that it accepted. */
export interface RegistryStatement {
  /** The ID of the registry's key. */
  keyId: string
  name: string
  version: string
  integrity: string
  /** RFC 3339. */
  publishedAt: string
  /** The ID of the author's key that the version was signed with; empty if it wasn't signed. */
  signer: string
}

/** What a registry signs about a version that a trusted publisher published, in addition to its `RegistryStatement`. */
export interface TrustedPublisherStatement {
  /** The ID of the registry's key. */
  keyId: string
  name: string
  version: string
  integrity: string
  /** RFC 3339. */
  publishedAt: string
  /** Where the version came from. */
  origin: VerifiedOrigin
}

/** What a registry's key signs about its successor. */
export interface KeyRotationStatement {
  oldKeyId: string
  newKeyId: string
  /** base64 of the 32 raw bytes. */
  newPublicKey: string
  /** RFC 3339. */
  rotatedAt: string
}

/** What the holder of a key signs to register it. */
export interface KeyPossessionStatement {
  /** Canonical URL. */
  registry: string
  username: string
  keyId: string
}

/** Returns the bytes that prove to a registry that a user holds a key. They prove nothing to another registry or for another user. */
export function keyPossessionStatement({registry, username, keyId}: KeyPossessionStatement): Uint8Array {
  return statement('apkg key possession v1', {registry, username, keyId})
}

/** Returns the bytes that an author's key signs. */
export function authorStatement({registry, name, version, integrity}: AuthorStatement): Uint8Array {
  return statement('apkg author signature v1', {registry, name, version, integrity})
}

/** Returns the bytes that a registry's key signs. */
export function registryStatement(attested: RegistryStatement): Uint8Array {
  const {keyId, name, version, integrity, publishedAt, signer} = attested
  return statement('apkg registry attestation v1', {keyId, name, version, integrity, publishedAt, signer})
}

/**
 * Returns the bytes that a registry's key signs about where a version came from. It is a separate statement, so that
 * clients which don't know it can still verify the registry's attestation. A claim that is absent is an empty string.
 */
export function trustedPublisherStatement(attested: TrustedPublisherStatement): Uint8Array {
  const {keyId, name, version, integrity, publishedAt, origin} = attested
  const claims = Object.fromEntries(originClaims.map((claim) => [claim, origin[claim] ?? '']))
  return statement('apkg trusted publisher attestation v1', {keyId, name, version, integrity, publishedAt, ...claims})
}

const originClaims = [
  'provider',
  'issuer',
  'subject',
  'repository',
  'repositoryId',
  'commit',
  'ref',
  'workflow',
  'run',
  'environment',
] as const satisfies (keyof VerifiedOrigin)[]

/** Returns the bytes that a registry's old key signs. */
export function keyRotationStatement(rotation: KeyRotationStatement): Uint8Array {
  const {oldKeyId, newKeyId, newPublicKey, rotatedAt} = rotation
  return statement('apkg registry key rotation v1', {oldKeyId, newKeyId, newPublicKey, rotatedAt})
}

/**
 * Returns the bytes of a provenance statement that an author's key signs: all fields except `signatures`.
 *
 * @throws {TypeError} if the statement can't be canonicalized; see `canonicalJson`
 */
export function provenanceStatement(provenance: Readonly<Record<string, unknown>>): Uint8Array {
  const fields = Object.entries(provenance).filter(([field]) => field !== 'signatures')
  return Buffer.from(`apkg provenance v1\n${canonicalJson(Object.fromEntries(fields))}`)
}

/**
 * Serializes a statement: a first line that is unique to its kind, then the fields as canonical JSON (RFC 8785). The
 * first line ensures that a signature over one kind is never valid for another, or for the integrity that
 * `dist.signatures` covers.
 */
function statement(domain: string, fields: Record<string, string>): Uint8Array {
  const sorted = Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)))
  return Buffer.from(`${domain}\n${JSON.stringify(sorted)}`)
}
