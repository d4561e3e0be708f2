import {createHash} from 'node:crypto'
import {setImmediate as nextTurn} from 'node:timers/promises'

import {formatIntegrity} from '@apkg/package-format'

import type {Attestation, Package, Version} from '../http/openapi/index.js'
import {signerResponse} from '../keys/key-response.js'
import type {PackageRecord, PackageState, PublishedVersion} from '../store/store.js'
import {withoutNulls} from '../http/without-nulls.js'

/** What a response depends on besides the data. */
export interface PackumentSource {
  /** The URL of the registry, without a trailing slash. */
  baseUrl: string
  /** The version of the server. */
  version: string
}

/** A package, as clients get it. */
export function packumentResponse(record: PackageRecord, {baseUrl}: PackumentSource): Package {
  const versions = record.versions.map((each) => [each.version, versionResponse(record.name, each, baseUrl)] as const)
  return withVersions(record, Object.fromEntries(versions))
}

/** How many versions are serialized before other requests get their turn. They take some milliseconds. */
const maxVersionsPerTurn = 200

/** Serializes the response about a package, in steps that don't block the event loop for long. */
export async function serializePackument(record: PackageRecord, {baseUrl}: PackumentSource): Promise<Buffer> {
  const versions: string[] = []
  for (const [position, each] of record.versions.entries()) {
    if (position > 0 && position % maxVersionsPerTurn === 0) await nextTurn()
    versions.push(`${JSON.stringify(each.version)}:${JSON.stringify(versionResponse(record.name, each, baseUrl))}`)
  }
  // The other fields are few and small. The field before the versions is the object of the dist-tags.
  const text = JSON.stringify(withVersions(record, {}))
  const head = `{"name":${JSON.stringify(record.name)},"distTags":${JSON.stringify(record.distTags)},"versions":{`
  return Buffer.from(`${head}${versions.join()}${text.slice(head.length)}`)
}

function withVersions(record: PackageRecord, versions: Package['versions']): Package {
  const {name, distTags, maintainers, visibility, readme, deprecated, signers} = record
  const latest = record.versions.find(({version}) => version === distTags['latest'])
  return {
    name,
    distTags,
    versions,
    maintainers,
    visibility,
    createdAt: new Date(record.createdAt).toISOString(),
    updatedAt: new Date(record.updatedAt).toISOString(),
    ...(signers.length > 0 && {signers: signers.map(signerResponse)}),
    ...withoutNulls({description: latest?.description, readme, deprecated}),
  }
}

export function versionResponse(name: string, published: PublishedVersion, baseUrl: string): Version {
  const {version, type, description, dependencies, license, keywords, repository, homepage, origin, targets} = published
  const {sha256, size, unpackedSize, fileCount, publishedAt, publishedBy, trustedPublisher, deprecated, isYanked} =
    published
  const tarball = `${baseUrl}/packages/${encodeURIComponent(name)}/${encodeURIComponent(version)}/tarball`
  const integrity = formatIntegrity(Buffer.from(sha256, 'hex'))
  return {
    version,
    type,
    dist: {tarball, integrity, ...signaturesOf({name, integrity, baseUrl}, published), size, unpackedSize, fileCount},
    publishedAt: new Date(publishedAt).toISOString(),
    publishedBy: {username: publishedBy},
    ...(trustedPublisher && {trustedPublisher}),
    dependencies: dependencies ?? {},
    ...(isYanked && {yanked: true}),
    ...withoutNulls({description, license, keywords, repository, homepage, origin, targets, deprecated}),
  }
}

/** The signatures of the author and the registry, with the signed statements. */
function signaturesOf(
  {name, integrity, baseUrl}: {name: string; integrity: string; baseUrl: string},
  {version, signature, attestations, publishedAt}: PublishedVersion,
) {
  const about = {name, version, integrity}
  const byAuthor: Attestation[] = signature
    ? [{kind: 'author', ...signature, ...about, registry: signature.registry ?? baseUrl}]
    : []
  const accepted = {...about, publishedAt: new Date(publishedAt).toISOString()}
  const byRegistry = attestations.flatMap(({keyId, attestation}): Attestation[] => {
    if (attestation === null) return []
    return [{kind: 'registry', keyId, signature: attestation, ...accepted, signer: signature?.keyId ?? ''}]
  })
  const ofOrigin = attestations.flatMap(({keyId, originAttestation}): Attestation[] =>
    originAttestation === null ? [] : [{kind: 'trusted-publisher', keyId, signature: originAttestation, ...accepted}],
  )
  return {
    // The original client uses the first one with an active key.
    signatures: attestations.map(({keyId, overIntegrity}) => ({keyId, signature: overIntegrity})),
    attestations: [...byAuthor, ...byRegistry, ...ofOrigin],
  }
}

/**
 * The strong ETag of a package, quoted. The revision alone does not suffice: it is reset when a registry is
 * restored from a backup, which begins another epoch, and maintainers and keys change without it.
 */
export function packumentEtag(state: PackageState, source: PackumentSource): string {
  const {epoch, revision, updatedAt, maintainers, signers, signingKey} = state
  const inputs = [source.version, source.baseUrl, epoch, revision, updatedAt, maintainers, signers, signingKey]
  const content = JSON.stringify(inputs)
  return `"${createHash('sha256').update(content).digest('base64url').slice(0, 32)}"`
}
