import {compareVersions, isPrerelease} from '@apkg/package-format'

import {publishingRights, scopeHolder} from '../package-rights.js'
import {first, type Port, type Rule, run, together} from '../port.js'
import {publicationProblem} from '../publication-rule.js'
import type {Credential, PackageStore, Publication, VersionDraft} from '../store.js'
import {recordChange} from './audit.js'
import {placeBlob} from './blobs.js'
import {moveTag, putTag, taggedVersion} from './dist-tags.js'
import {toJson} from './json-columns.js'
import {denialOf} from './package-authority.js'
import {findPackage, findSameVersions, touch, toSameVersion, type PackageRow} from './package-rows.js'
import {indexPackage} from './package-search.js'
import type {RegistrySigner} from './signing-keys.js'
import {spendUse} from './spend-use.js'
import {tables} from './tables.js'

/**
 * Publishes each version in one transaction. Transactions run one after another, so the second of two concurrent
 * uploads of a version finds the first. It is `identical` if its bytes are the same, and refused otherwise.
 */
export function createPublishing(port: Port, signer: RegistrySigner): Pick<PackageStore, 'publish'> {
  return {
    publish: (draft, credential, by, now) =>
      port.write(function* (): Rule<Publication> {
        const {name, version} = draft
        const denial = yield* denialOf(credential, name, publishingRights, now)
        if (denial) return {outcome: denial}
        const existing = yield* findPackage(name)
        const same = existing ? yield* findSameVersions(existing.id, version) : []
        const found = {visibility: existing?.visibility, versions: same.map(toSameVersion)}
        const problem = publicationProblem(credential, draft, found)
        if (problem) return problem
        const before = same.find((each) => each.version === version)
        const placed = yield* placeBlob(draft, now)
        if (!placed) return {outcome: 'blob-deleting'}
        if (existing && before) {
          const {tag} = draft
          const isSpent =
            tag !== undefined && (yield* moveTag(existing, {tag, version}, credential, by, now)) === 'spent'
          if (isSpent) return {outcome: 'spent'}
          if (placed.length > 0) yield* together(placed)
          return {outcome: 'identical', publishedAt: before.published_at, tag, signer: before.signer}
        }
        if (draft.signature && !(yield* isActiveKeyOf(draft.signature.keyId, credential))) {
          return {outcome: 'signer-unknown'}
        }
        if (!(yield* spendUse(credential))) return {outcome: 'spent'}
        const published = existing ?? (yield* addPackage(draft, now))
        yield* addVersion(published.id, credential, draft, now)
        yield* signer.attest({name, version}, now)
        const tags = yield* tagsFor(published.id, draft)
        const signed = draft.signature && {signer: draft.signature.keyId}
        const detail = {sha256: draft.sha256, visibility: draft.visibility, tags, ...signed}
        yield* together([
          ...placed,
          ...tags.map((tag) => putTag(published.id, tag, version)),
          touch(published, now),
          recordChange({at: now, action: 'package.publish', by, target: `${name}@${version}`, detail}),
        ])
        if (tags.includes('latest')) yield* indexPackage(published.id)
        return {outcome: 'published', publishedAt: now, tag: tags[0], signer: draft.signature?.keyId ?? null}
      }),
  }
}

function* isActiveKeyOf(keyId: string, credential: Credential): Rule<boolean> {
  if (credential.kind === 'exchanged' || credential.owner.kind === 'organization') return false
  const keys = tables.selectFrom('author_keys').select('status').where('key_id', '=', keyId)
  return (yield* first(keys.where('user_id', '=', credential.owner.id)))?.status === 'active'
}

function* addPackage({name, visibility}: VersionDraft, now: number): Rule<PackageRow> {
  const times = {created_at: now, updated_at: now, published_at: now}
  const row = {name, scope: scopeHolder(name), visibility, revision: 0, ...times}
  const [, added] = yield* together([run(tables.insertInto('packages').values(row)), findPackage(name)])
  if (!added) throw new Error(`${name} was added but is missing`)
  return added
}

function* addVersion(packageId: number, credential: Credential, draft: VersionDraft, now: number): Rule<void> {
  const added = tables.insertInto('versions').values({
    package_id: packageId,
    version: draft.version,
    type: draft.type,
    sha256: draft.sha256,
    size: draft.size,
    unpacked_size: draft.unpackedSize,
    file_count: draft.fileCount,
    published_at: now,
    ...publisherOf(credential),
    license: draft.license ?? null,
    repository: draft.repository ?? null,
    homepage: draft.homepage ?? null,
    origin: draft.origin ?? null,
    description: draft.description ?? null,
    targets: toJson(draft.targets),
    keywords: toJson(draft.keywords),
    dependencies: toJson(draft.dependencies),
    readme: draft.readme ?? null,
    provenance: toJson(draft.provenance),
    signer: draft.signature?.keyId ?? null,
    signature: draft.signature?.signature ?? null,
    signed_for: draft.signature?.registry ?? null,
  })
  const newest = tables.updateTable('packages').set({published_at: now}).where('id', '=', packageId)
  yield* together([run(added), run(newest)])
}

function publisherOf(credential: Credential) {
  if (credential.kind === 'session') return {published_by: credential.owner.id}
  if (credential.kind === 'token') {
    const {owner, creator} = credential
    return {published_by: creator.id, ...(owner.kind === 'organization' && {published_as: owner.name})}
  }
  const {publisher, origin} = credential
  return {published_by: publisher.createdBy, published_as: publisher.name, trusted_publisher: JSON.stringify(origin)}
}

/**
 * Returns the tags for a new version, the requested one first. A version lower than `latest`, such as a backport,
 * doesn't get `latest`.
 */
function* tagsFor(packageId: number, {version, tag}: VersionDraft): Rule<string[]> {
  const latest = yield* taggedVersion(packageId, 'latest')
  const isNext =
    tag === undefined && !isPrerelease(version) && latest !== undefined && compareVersions(version, latest) > 0
  const tags = [tag, latest === undefined || isNext ? 'latest' : undefined]
  return [...new Set(tags)].filter((each) => each !== undefined)
}
