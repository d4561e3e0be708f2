import {printable, type ApkgError} from '@apkg/command-kit'
import {
  authorStatement,
  isKeyId,
  isSignedBy,
  keyIdOf,
  parsePublicKey,
  registryStatement,
} from '@apkg/package-format/signing'
import type {Attestation, Signer} from '@apkg/wire/protocol'

import {failure} from '../failures.js'
import type {TrustedKeys} from './registry-keys.js'

/** A version, with the signatures and keys that the registry lists for it. */
export interface SignedVersion {
  name: string
  version: string
  /** The expected integrity of the tarball: `sha256-` and base64. */
  integrity: string
  attestations: readonly Attestation[]
  /** The authors' keys that the registry lists for the package. */
  signers: readonly Signer[]
}

export type SignatureVerdict =
  | {status: 'signed'; signer: string; username: string | undefined; attestedBy: string}
  /** `attestedBy`: the registry's key that attests an unsigned publication; undefined without an attestation. */
  | {status: 'unsigned'; attestedBy: string | undefined}
  | {status: 'refused'; error: ApkgError}

/**
 * Verifies the signatures of a version: its author must have signed exactly this name, version and integrity for this
 * registry, with a key that was valid at publication, and the registry must attest that with a trusted key. Nothing else
 * that the registry says is trusted.
 *
 * @param registry canonical URL.
 */
export function verifySignatures(version: SignedVersion, registry: string, keys: TrustedKeys): SignatureVerdict {
  try {
    return verify(version, registry, keys)
  } catch (error) {
    return {status: 'refused', error: error as ApkgError}
  }
}

function verify(version: SignedVersion, registry: string, keys: TrustedKeys): SignatureVerdict {
  const id = `${version.name}@${version.version}`
  const byAuthor = version.attestations.find(({kind}) => kind === 'author')
  const signer = byAuthor && verifyAuthor(version, byAuthor, registry)
  const byRegistry = version.attestations.filter(({kind}) => kind === 'registry')
  const attested = byRegistry.length === 0 ? undefined : verifyRegistry(version, byRegistry, {registry, keys})
  if (!signer) {
    const attestedSigner = attested?.signer ?? ''
    if (attestedSigner !== '') {
      throw failure('SIGNATURE_DOWNGRADED', {version: id, keyId: printable(attestedSigner), expected: 'attested'})
    }
    return {status: 'unsigned', attestedBy: attested?.keyId}
  }
  if (attested?.signer !== signer.keyId) throw failure('SIGNATURE_UNATTESTED', {version: id, keyId: signer.keyId})
  assertValidAt(id, signer, attested.publishedAt)
  return {
    status: 'signed',
    signer: signer.keyId,
    username: signer.username ?? undefined,
    attestedBy: attested.keyId,
  }
}

/** @returns the author's key. */
function verifyAuthor(version: SignedVersion, attestation: Attestation, registry: string): Signer {
  const {keyId, signature} = attestation
  const id = `${version.name}@${version.version}`
  const signer = version.signers.find((each) => each.keyId === keyId)
  const publicKey = signer && parsePublicKey(signer.publicKey)
  const signed = {
    registry: attestation.registry ?? '',
    name: attestation.name,
    version: attestation.version,
    integrity: attestation.integrity,
  }
  const isValid =
    publicKey &&
    isKeyId(keyId) &&
    keyIdOf(publicKey) === keyId &&
    isSignedBy(publicKey, authorStatement(signed), signature)
  if (!signer || !isValid) throw failure('SIGNATURE_INVALID', {version: id, keyId: printable(keyId), by: 'author'})
  assertIsFor(version, signed, keyId)
  if (signed.registry === registry) return signer
  throw failure('SIGNATURE_REPLAYED', {version: id, keyId, registry: printable(signed.registry)})
}

function assertIsFor(
  {name, version, integrity}: Pick<SignedVersion, 'name' | 'version' | 'integrity'>,
  signed: {name: string; version: string; integrity: string},
  keyId: string,
): void {
  const id = `${name}@${version}`
  if (signed.name !== name || signed.version !== version) {
    throw failure('SIGNATURE_REPLAYED', {version: id, keyId, signed: printable(`${signed.name}@${signed.version}`)})
  }
  if (signed.integrity !== integrity) {
    throw failure('SIGNATURE_SWAPPED', {version: id, keyId, signed: printable(signed.integrity)})
  }
}

/** What a valid attestation of the registry says. */
interface Publication {
  keyId: string
  /** Milliseconds since 1970. */
  publishedAt: number
  /** The ID of the author's key; empty if the version is unsigned. */
  signer: string
}

/** All valid attestations must agree. If none is valid, the problem of the first is thrown. */
function verifyRegistry(
  version: SignedVersion,
  attestations: readonly Attestation[],
  trusted: {registry: string; keys: TrustedKeys},
): Publication {
  const valid: Publication[] = []
  let problem: unknown
  for (const attestation of attestations) {
    try {
      valid.push(verifyAttestation(version, attestation, trusted))
    } catch (error) {
      problem ??= error
    }
  }
  const [first] = valid
  if (!first) throw problem
  const deviating = valid.find(({signer, publishedAt}) => signer !== first.signer || publishedAt !== first.publishedAt)
  if (!deviating) return first
  const keyId = printable(first.signer === '' ? deviating.signer : first.signer)
  throw failure('SIGNATURE_UNATTESTED', {version: `${version.name}@${version.version}`, keyId})
}

function verifyAttestation(
  version: SignedVersion,
  attestation: Attestation,
  trusted: {registry: string; keys: TrustedKeys},
): Publication {
  const {keyId, name, integrity} = attestation
  const publishedAt = attestation.publishedAt ?? ''
  const signer = attestation.signer ?? ''
  const statement = registryStatement({keyId, name, version: attestation.version, integrity, publishedAt, signer})
  verifyRegistryStatement(version, attestation, statement, trusted)
  return {keyId, publishedAt: Date.parse(publishedAt), signer}
}

/**
 * Verifies that a registry signed a statement about exactly this version, with a trusted key that was valid at publication.
 *
 * @param statement what was signed, made from the attestation
 * @throws {ApkgError} `REGISTRY_KEY_UNKNOWN`, `REGISTRY_KEY_REVOKED`, `REGISTRY_KEY_RETIRED`, `SIGNATURE_INVALID`,
 *   `SIGNATURE_REPLAYED`, `SIGNATURE_SWAPPED`
 */
export function verifyRegistryStatement(
  version: Pick<SignedVersion, 'name' | 'version' | 'integrity'>,
  {keyId, signature, ...attested}: Attestation,
  statement: Uint8Array,
  {registry, keys}: {registry: string; keys: TrustedKeys},
): void {
  const id = `${version.name}@${version.version}`
  const key = keys.get(keyId)
  if (!key) throw failure('REGISTRY_KEY_UNKNOWN', {version: id, keyId: printable(keyId), registry})
  if (!isSignedBy(key.publicKey, statement, signature)) {
    throw failure('SIGNATURE_INVALID', {version: id, keyId, by: 'registry'})
  }
  assertIsFor(version, attested, keyId)
  if (key.isRevoked) throw failure('REGISTRY_KEY_REVOKED', {version: id, keyId, registry})
  const publishedAt = attested.publishedAt ?? ''
  if (!(Date.parse(publishedAt) < key.expiresAt)) {
    throw failure('REGISTRY_KEY_RETIRED', {version: id, keyId, at: publishedAt === '' ? null : printable(publishedAt)})
  }
}

/** A key that was retired or revoked later doesn't invalidate earlier signatures. The registry attests the time. */
function assertValidAt(version: string, {keyId, status, revokedAt}: Signer, publishedAt: number): void {
  if (status === 'active') return
  const end = Date.parse(revokedAt ?? '')
  if (publishedAt < end) return
  const at = revokedAt ? printable(revokedAt) : null
  throw failure(status === 'retired' ? 'SIGNER_RETIRED' : 'SIGNER_REVOKED', {version, keyId, at})
}

/**
 * Whether a chain of rotations, each signed by the old key, leads from one key to another. A revoked key has no
 * successors, because a thief can sign one too.
 *
 * @param signers the authors' keys that the registry lists.
 */
export function isRotatedTo(from: string, to: string, signers: readonly Signer[]): boolean {
  const seen = new Set<string>()
  for (let current = signers.find(({keyId}) => keyId === from); current && !seen.has(current.keyId);) {
    seen.add(current.keyId)
    const {publicKey, rotatedTo, status} = current
    if (status === 'revoked') return false
    const next = rotatedTo && signers.find(({keyId}) => keyId === rotatedTo.keyId)
    const [old, raw] = [parsePublicKey(publicKey), next && parsePublicKey(next.publicKey)]
    if (!rotatedTo || !next || !old || !raw) return false
    if (keyIdOf(old) !== current.keyId || keyIdOf(raw) !== next.keyId) return false
    if (!isSignedBy(old, raw, rotatedTo.attestation)) return false
    if (next.keyId === to) return true
    current = next
  }
  return false
}
