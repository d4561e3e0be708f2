import {type ArchiveLimits, formatIntegrity} from '@apkg/package-format'
import {authorStatement, isSignedBy, parsePublicKey} from '@apkg/package-format/signing'
import type {PublishMetadata} from '@apkg/wire/protocol'

import type {BlobStore, Draft} from '../blobs/blob-store.js'
import {missingRight} from '../auth/missing-right.js'
import {packageRefusal} from '../packages/package-refusals.js'
import {Refusal} from '../http/refusal.js'
import type {Actor, Credential, Publication, RegistryStore, VersionSignature} from '../store/store.js'
import {hasRight, publishingRights, rightMissingToPublish} from '../store/package-rights.js'
import {parseMetadata, type ExpectedTarball} from './parse-metadata.js'
import type {Inspector} from './inspector.js'

export interface PublishPorts {
  store: RegistryStore
  blobs: BlobStore
  inspector: Pick<Inspector, 'inspect'>
  config: {archive: ArchiveLimits}
  clock: () => Date
  baseUrl: () => string
}

/** A version to publish, sent by a client that is authorized to publish the package. */
export interface UploadedVersion {
  /** The package in the URL. */
  name: string
  metadata: PublishMetadata
  tarball: AsyncIterable<Uint8Array>
  credential: Credential
  by: Actor
}

/**
 * Publishes a version, or finds that it was already published with the same bytes. It becomes visible only once it is
 * complete and verified. If publishing fails late, the garbage collection removes the tarball.
 *
 * @throws Refusal
 */
export async function publishVersion(
  {name, metadata, tarball, credential, by}: UploadedVersion,
  {store, blobs, inspector, config, clock, baseUrl}: PublishPorts,
): Promise<Extract<Publication, {publishedAt: number}>> {
  const expected = parseMetadata(name, metadata)
  const signature = await verifiedSignature(metadata, {store, credential, registry: baseUrl()})
  await assertPublishable(store, credential, metadata, expected)
  const draft = await blobs.put(tarball)
  try {
    const {manifest, sha256} = expected
    if (draft.sha256 !== sha256) throw integrityMismatch(draft, metadata)
    const inspection = await inspector.inspect({file: draft.path, manifest, limits: config.archive})
    if (inspection.outcome !== 'valid') throw new Refusal(inspection.outcome, inspection)
    await blobs.commit(draft, clock().getTime())
    const {integrity: _, ...described} = metadata
    const {fileCount, unpackedSize} = inspection
    const version = {...described, sha256, size: draft.size, fileCount, unpackedSize, signature}
    const publication = await store.packages.publish(version, credential, by, clock().getTime())
    if ('publishedAt' in publication) return publication
    if (publication.outcome === 'right-missing') throw missingRight(credential, [publication.right])
    throw packageRefusal(publication.outcome, {...metadata, ...publication})
  } finally {
    await blobs.discard(draft)
  }
}

/**
 * @returns undefined for an unsigned version.
 * @throws Refusal SIGNER_UNKNOWN, SIGNATURE_INVALID
 */
async function verifiedSignature(
  {name, version, integrity, signature}: PublishMetadata,
  {store, credential, registry}: {store: RegistryStore; credential: Credential; registry: string},
): Promise<VersionSignature | undefined> {
  if (!signature) return undefined
  const key = await store.authorKeys.find(signature.keyId, credential.owner.id)
  const publicKey = key?.status === 'active' ? parsePublicKey(key.publicKey) : undefined
  if (!publicKey) throw packageRefusal('signer-unknown', {name, version})
  if (!isSignedBy(publicKey, authorStatement({registry, name, version, integrity}), signature.signature)) {
    throw new Refusal('SIGNATURE_INVALID', {
      message: `The signature is not valid for ${name}@${version} on ${registry}`,
    })
  }
  return {...signature, registry}
}

/** Fails early, before the tarball is received. The transaction that adds the version checks again. */
async function assertPublishable(
  store: RegistryStore,
  credential: Credential,
  {name, version, tag}: PublishMetadata,
  {sha256}: ExpectedTarball,
): Promise<void> {
  const existing = await store.packages.version(name, version)
  const isIdentical = existing !== undefined && !existing.takenDown && existing.sha256 === sha256
  const isUpdate = existing !== undefined || (await isPublished(store, credential, name))
  const right = rightMissingToPublish(credential, {isUpdate, isIdentical, tag})
  if (right) throw missingRight(credential, [right])
  if (existing?.takenDown) throw packageRefusal('retired', {name, version})
  if (isIdentical) return
  if (existing) throw packageRefusal('exists', {name, version})
  const same = await store.packages.sameVersions(name, version)
  const [first] = same
  if (!first) return
  const isRetired = same.some(({isTakenDown}) => isTakenDown)
  throw packageRefusal(isRetired ? 'retired' : 'exists', {name, version, existing: first.version})
}

/** Whether a package exists. Most credentials can publish it in either case, so it isn't looked up for them. */
async function isPublished(store: RegistryStore, credential: Credential, name: string): Promise<boolean> {
  if (publishingRights.every((right) => hasRight(credential, right))) return true
  return (await store.packages.access(name, credential.owner.id)).visibility !== undefined
}

function integrityMismatch(draft: Draft, {integrity}: PublishMetadata): Refusal {
  const received = formatIntegrity(Buffer.from(draft.sha256, 'hex'))
  const message = `The integrity of the tarball is ${received}, but the metadata says ${integrity}`
  return new Refusal('INTEGRITY_MISMATCH', {
    message,
    details: [{field: 'integrity', message: `does not match ${received}`}],
  })
}
