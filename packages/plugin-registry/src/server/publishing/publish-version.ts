import {type ArchiveLimits, formatIntegrity} from '@apkg/package-format'
import {authorStatement, isSignedBy, parsePublicKey} from '@apkg/package-format/signing'
import type {PublishMetadata} from '@apkg/wire/protocol'

import type {BlobStore, Draft} from '../blobs/blob-store.js'
import {packageRefusal} from '../packages/package-refusals.js'
import {Refusal} from '../http/refusal.js'
import type {Actor, Credential, Publication, RegistryStore, VersionSignature} from '../store/store.js'
import {type Announcement, checkMetadata} from './check-metadata.js'
import type {Inspector} from './inspector.js'

export interface PublishPorts {
  store: RegistryStore
  blobs: BlobStore
  inspector: Inspector
  config: {archive: ArchiveLimits}
  clock: () => Date
  baseUrl: () => string
}

/** A version as it was sent, by somebody who may publish the package. */
export interface SentVersion {
  /** The package that the address names. */
  name: string
  metadata: PublishMetadata
  tarball: AsyncIterable<Uint8Array>
  credential: Credential
  by: Actor
}

/**
 * Publishes a version, or finds that it was published before with the same bytes. Nothing can be seen of it before it is
 * whole and checked. A tarball that was stored for nothing is left to the collection of garbage.
 *
 * @throws Refusal
 */
export async function publishVersion(
  {name, metadata, tarball, credential, by}: SentVersion,
  {store, blobs, inspector, config, clock, baseUrl}: PublishPorts,
): Promise<Extract<Publication, {publishedAt: number}>> {
  const announcement = checkMetadata(name, metadata)
  const signature = await checkSignature(metadata, {store, credential, registry: baseUrl()})
  await refuseWhatIsThere(store, metadata, announcement)
  const draft = await blobs.put(tarball)
  try {
    const {manifest, sha256} = announcement
    if (draft.sha256 !== sha256) throw mismatch(draft, metadata)
    const inspection = await inspector.inspect({file: draft.path, manifest, limits: config.archive})
    if (inspection.outcome !== 'fine') throw new Refusal(inspection.outcome, inspection)
    await blobs.commit(draft, clock().getTime())
    const {integrity: _, ...said} = metadata
    const {fileCount, unpackedSize} = inspection
    const version = {...said, sha256, size: draft.size, fileCount, unpackedSize, signature}
    const publication = await store.packages.publish(version, credential, by, clock().getTime())
    if ('publishedAt' in publication) return publication
    throw packageRefusal(publication.outcome, metadata)
  } finally {
    await blobs.discard(draft)
  }
}

/** @returns what is kept of it; undefined for a version without one. */
async function checkSignature(
  {name, version, integrity, signature}: PublishMetadata,
  {store, credential, registry}: {store: RegistryStore; credential: Credential; registry: string},
): Promise<VersionSignature | undefined> {
  if (!signature) return undefined
  const key = await store.authorKeys.find(signature.keyId, credential.owner.id)
  const publicKey = key?.status === 'active' ? parsePublicKey(key.publicKey) : undefined
  if (!publicKey) throw packageRefusal('signer-unknown', {name, version})
  if (!isSignedBy(publicKey, authorStatement({registry, name, version, integrity}), signature.signature)) {
    throw new Refusal('SIGNATURE_INVALID', {
      message: `The signature does not hold for ${name}@${version} at ${registry}; it has to be made for that address`,
    })
  }
  return {...signature, registry}
}

/** Told before the tarball is received; the transaction that writes the version looks again. */
async function refuseWhatIsThere(
  store: RegistryStore,
  {name, version}: PublishMetadata,
  {sha256}: Announcement,
): Promise<void> {
  const there = await store.packages.version(name, version)
  if (there?.takenDown) throw packageRefusal('retired', {name, version})
  if (there && there.sha256 !== sha256) throw packageRefusal('exists', {name, version})
}

function mismatch(draft: Draft, {integrity}: PublishMetadata): Refusal {
  const received = formatIntegrity(Buffer.from(draft.sha256, 'hex'))
  const message = `The tarball was announced as ${integrity} and arrived as ${received}`
  return new Refusal('INTEGRITY_MISMATCH', {message, details: [{field: 'integrity', message: `is not ${received}`}]})
}
