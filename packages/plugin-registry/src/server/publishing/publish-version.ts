import {type ArchiveLimits, formatIntegrity} from '@apkg/package-format'
import {authorStatement, isSignedBy, parsePublicKey} from '@apkg/package-format/signing'
import type {PublishMetadata} from '@apkg/wire/protocol'

import type {BlobStore, Draft} from '../blobs/blob-store.js'
import {publicationRefusal} from '../auth/publication-refusal.js'
import {packageRefusal} from '../packages/package-refusals.js'
import {Refusal} from '../http/refusal.js'
import type {
  Actor,
  Credential,
  ExchangedToken,
  PlacedBlob,
  Publication,
  RegistryStore,
  VersionSignature,
} from '../store/store.js'
import {releaseOf} from '../store/package-rights.js'
import {publicationProblem} from '../store/publication-rule.js'
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
 * @throws {Refusal}
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
    const inspection = await inspector.inspect({
      file: draft.path,
      manifest,
      limits: config.archive,
      ...readmeFor(credential, metadata),
    })
    if (inspection.outcome !== 'valid') throw new Refusal(inspection.outcome, inspection)
    const {integrity: _, ...described} = metadata
    const {fileCount, unpackedSize} = inspection
    const version = {...described, sha256, size: draft.size, fileCount, unpackedSize, signature}
    const publish = (blob: PlacedBlob) => store.packages.publish({...version, blob}, credential, by, clock().getTime())
    let publication = await publish(await placeOf(draft, {store, blobs}))
    // The blob that it should share was deleted in the meantime.
    if (publication.outcome === 'blob-deleting')
      publication = await publish({key: await blobs.store(draft), isNew: true})
    if (publication.outcome === 'blob-deleting') throw new Error(`${draft.sha256} was stored but is being deleted`)
    if ('publishedAt' in publication) return publication
    throw publicationRefusal(publication, credential, metadata)
  } finally {
    await blobs.discard(draft)
  }
}

/** Finds an intact blob with these bytes, or stores them. */
async function placeOf(draft: Draft, {store, blobs}: Pick<PublishPorts, 'store' | 'blobs'>): Promise<PlacedBlob> {
  const found = await store.blobs.find(draft.sha256)
  if (!found) return {key: await blobs.store(draft), isNew: true}
  if ((await blobs.sizeOf(found.key)) === draft.size) return {key: found.key, isNew: false}
  return {key: await blobs.store(draft), isNew: true, replaces: found.key}
}

/**
 * @returns undefined for an unsigned version.
 * @throws {Refusal} SIGNER_UNKNOWN, SIGNATURE_INVALID
 */
async function verifiedSignature(
  {name, version, integrity, signature}: PublishMetadata,
  {store, credential, registry}: {store: RegistryStore; credential: Credential; registry: string},
): Promise<VersionSignature | undefined> {
  if (!signature) return undefined
  if (credential.kind === 'exchanged') throw signedByPublisher(credential)
  if (credential.owner.kind === 'organization') throw signedByOrganization(credential.owner)
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
  metadata: PublishMetadata,
  {sha256}: ExpectedTarball,
): Promise<void> {
  const existing = await store.packages.published(metadata.name, metadata.version)
  const problem = publicationProblem(credential, {...metadata, sha256}, existing)
  if (problem) throw publicationRefusal(problem, credential, metadata)
}

/** A token that is limited to a release can't choose the readme: it has to be the one in the tarball. */
function readmeFor(credential: Credential, {readme = ''}: PublishMetadata): {readme?: string} {
  return releaseOf(credential) === null ? {} : {readme}
}

function signedByPublisher({publisher}: ExchangedToken): Refusal {
  const message = `${publisher.name} has no signing key: a trusted publisher publishes without a signature`
  return new Refusal('SIGNER_UNKNOWN', {message})
}

function signedByOrganization({name}: {name: string}): Refusal {
  const message = `${name} has no signing key: a token of an organization publishes without a signature`
  return new Refusal('SIGNER_UNKNOWN', {message})
}

function integrityMismatch(draft: Draft, {integrity}: PublishMetadata): Refusal {
  const received = formatIntegrity(Buffer.from(draft.sha256, 'hex'))
  const message = `The integrity of the tarball is ${received}, but the metadata says ${integrity}`
  return new Refusal('INTEGRITY_MISMATCH', {
    message,
    details: [{field: 'integrity', message: `does not match ${received}`}],
  })
}
