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

/** A version, and what a registry tells of its signatures. */
export interface SignedVersion {
  name: string
  version: string
  /** `sha256-` and base64; what the tarball has to be. */
  integrity: string
  attestations: readonly Attestation[]
  /** The keys of authors that the registry tells of for the package. */
  signers: readonly Signer[]
}

/** What is to be thought of a version's signatures. */
export type Verdict =
  | {status: 'signed'; signer: string; username: string | undefined; attestedBy: string}
  /** `attestedBy`: the registry's key that says so too; undefined where the registry attests nothing. */
  | {status: 'unsigned'; attestedBy: string | undefined}
  | {status: 'refused'; error: ApkgError}

/**
 * Judges the signatures of a version: whether its author has signed just this, at this registry, with a key that was good
 * when it was published, which the registry attests with a key that it is known by. What it tells beside is not believed.
 *
 * @param registry canonical URL.
 */
export function verdictOf(version: SignedVersion, registry: string, keys: TrustedKeys): Verdict {
  try {
    return judge(version, registry, keys)
  } catch (error) {
    return {status: 'refused', error: error as ApkgError}
  }
}

function judge(version: SignedVersion, registry: string, keys: TrustedKeys): Verdict {
  const id = `${version.name}@${version.version}`
  const byAuthor = version.attestations.find(({kind}) => kind === 'author')
  const signer = byAuthor && checkAuthor(version, byAuthor, registry)
  const byRegistry = version.attestations.filter(({kind}) => kind === 'registry')
  const attested = byRegistry.length === 0 ? undefined : attestedBy(version, byRegistry, {registry, keys})
  if (!signer) {
    const known = attested?.signer ?? ''
    if (known !== '') {
      throw failure('SIGNATURE_DOWNGRADED', {version: id, keyId: printable(known), known: 'attested'})
    }
    return {status: 'unsigned', attestedBy: attested?.keyId}
  }
  if (attested?.signer !== signer.keyId) throw failure('SIGNATURE_UNATTESTED', {version: id, keyId: signer.keyId})
  assertGoodThen(id, signer, attested.publishedAt)
  return {
    status: 'signed',
    signer: signer.keyId,
    username: signer.username ?? undefined,
    attestedBy: attested.keyId,
  }
}

/** The author's key, after its signature was found to hold for this version. */
function checkAuthor(version: SignedVersion, attestation: Attestation, registry: string): Signer {
  const {keyId, signature} = attestation
  const id = `${version.name}@${version.version}`
  const signer = version.signers.find((each) => each.keyId === keyId)
  const publicKey = signer && parsePublicKey(signer.publicKey)
  const said = {
    registry: attestation.registry ?? '',
    name: attestation.name,
    version: attestation.version,
    integrity: attestation.integrity,
  }
  const holds =
    publicKey &&
    isKeyId(keyId) &&
    keyIdOf(publicKey) === keyId &&
    isSignedBy(publicKey, authorStatement(said), signature)
  if (!signer || !holds) throw failure('SIGNATURE_INVALID', {version: id, keyId: printable(keyId), by: 'author'})
  assertIsFor(version, said, keyId)
  if (said.registry === registry) return signer
  throw failure('SIGNATURE_REPLAYED', {version: id, keyId, registry: printable(said.registry)})
}

function assertIsFor(
  {name, version, integrity}: SignedVersion,
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

interface Attested {
  keyId: string
  /** Milliseconds since 1970. */
  publishedAt: number
  /** The id of the author's key; empty for none. */
  signer: string
}

/** What the registry's attestations say that hold, and must agree on; where none holds, why the first one does not. */
function attestedBy(
  version: SignedVersion,
  attestations: readonly Attestation[],
  believed: {registry: string; keys: TrustedKeys},
): Attested {
  const held: Attested[] = []
  let problem: unknown
  for (const attestation of attestations) {
    try {
      held.push(checkAttestation(version, attestation, believed))
    } catch (error) {
      problem ??= error
    }
  }
  const [first] = held
  if (!first) throw problem
  const other = held.find(({signer, publishedAt}) => signer !== first.signer || publishedAt !== first.publishedAt)
  if (!other) return first
  const keyId = printable(first.signer === '' ? other.signer : first.signer)
  throw failure('SIGNATURE_UNATTESTED', {version: `${version.name}@${version.version}`, keyId})
}

function checkAttestation(
  version: SignedVersion,
  {keyId, signature, ...told}: Attestation,
  {registry, keys}: {registry: string; keys: TrustedKeys},
): Attested {
  const id = `${version.name}@${version.version}`
  const key = keys.get(keyId)
  if (!key) throw failure('REGISTRY_KEY_UNKNOWN', {version: id, keyId: printable(keyId), registry})
  const {name, integrity} = told
  const publishedAt = told.publishedAt ?? ''
  const signer = told.signer ?? ''
  const statement = registryStatement({keyId, name, version: told.version, integrity, publishedAt, signer})
  if (!isSignedBy(key.publicKey, statement, signature)) {
    throw failure('SIGNATURE_INVALID', {version: id, keyId, by: 'registry'})
  }
  assertIsFor(version, told, keyId)
  if (key.isRevoked) throw failure('REGISTRY_KEY_REVOKED', {version: id, keyId, registry})
  const time = Date.parse(publishedAt)
  if (!(time < key.expiresAt)) throw failure('REGISTRY_KEY_RETIRED', {version: id, keyId, at: printable(publishedAt)})
  return {keyId, publishedAt: time, signer}
}

/** A key that has ended since is as good as it was; the registry's attestation tells when that was. */
function assertGoodThen(version: string, {keyId, status, revokedAt}: Signer, publishedAt: number): void {
  if (status === 'active') return
  const end = Date.parse(revokedAt ?? '')
  if (publishedAt < end) return
  const at = printable(revokedAt ?? 'at a time that is not told')
  throw failure(status === 'retired' ? 'SIGNER_RETIRED' : 'SIGNER_REVOKED', {version, keyId, at})
}

/**
 * Whether one key came after another by rotations, each of which the former key has signed. A revoked key has no
 * successors: whoever stole it can sign one.
 *
 * @param signers all that is told of keys.
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
