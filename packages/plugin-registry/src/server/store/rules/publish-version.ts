import {compareVersions, isPrerelease} from '@apkg/package-format'

import {publishingRights, rightMissingToPublish, scopeHolder} from '../package-rights.js'
import {first, type Port, type Rule, run, together} from '../port.js'
import type {PackageStore, Publication, VersionDraft} from '../store.js'
import {recordChange} from './audit.js'
import {moveTag, putTag, taggedVersion} from './dist-tags.js'
import {toJson} from './json-columns.js'
import {denialOf} from './package-authority.js'
import {findPackage, findSameVersions, findVersion, touch, type PackageRow} from './package-rows.js'
import type {RegistrySigner} from './signing-keys.js'
import {tables} from './tables.js'

/**
 * Publishes versions, each in one transaction. Transactions run one after another, so the second of two simultaneous
 * uploads of a version finds the first: it is `identical` if its bytes are the same, and refused otherwise.
 */
export function createPublishing(port: Port, signer: RegistrySigner): Pick<PackageStore, 'publish'> {
  return {
    publish: (draft, credential, by, now) =>
      port.write(function* (): Rule<Publication> {
        const {name, version} = draft
        const denial = yield* denialOf(credential, name, publishingRights, now)
        if (denial) return {outcome: denial}
        const existing = yield* findPackage(name)
        const before = existing && (yield* findVersion(existing.id, version))
        const isIdentical = before?.taken_down_at === null && before.sha256 === draft.sha256
        const kind = {isUpdate: existing !== undefined, isIdentical, tag: draft.tag}
        const right = rightMissingToPublish(credential, kind)
        if (right) return {outcome: 'right-missing', right}
        if (existing && existing.visibility !== draft.visibility) return {outcome: 'visibility-fixed'}
        if (before) {
          if (before.taken_down_at !== null) return {outcome: 'retired'}
          if (!isIdentical) return {outcome: 'exists'}
          const {tag} = draft
          if (tag !== undefined) yield* moveTag(existing, {tag, version}, by, now)
          return {outcome: 'identical', publishedAt: before.published_at, tag, signer: before.signer}
        }
        const [same, ...others] = existing ? yield* findSameVersions(existing.id, version) : []
        if (same) {
          const isRetired = [same, ...others].some(({taken_down_at}) => taken_down_at !== null)
          return {outcome: isRetired ? 'retired' : 'exists', existing: same.version}
        }
        if (draft.signature && !(yield* isActiveKeyOf(draft.signature.keyId, credential.owner.id))) {
          return {outcome: 'signer-unknown'}
        }
        const published = existing ?? (yield* addPackage(draft, now))
        yield* addVersion(published.id, credential.owner.id, draft, now)
        yield* signer.attest({name, version}, now)
        const tags = yield* tagsFor(published.id, draft)
        const signed = draft.signature && {signer: draft.signature.keyId}
        const detail = {sha256: draft.sha256, visibility: draft.visibility, tags, ...signed}
        yield* together([
          ...tags.map((tag) => putTag(published.id, tag, version)),
          ...touch(published, now),
          recordChange({at: now, action: 'package.publish', by, target: `${name}@${version}`, detail}),
        ])
        return {outcome: 'published', publishedAt: now, tag: tags[0], signer: draft.signature?.keyId ?? null}
      }),
  }
}

function* isActiveKeyOf(keyId: string, userId: string): Rule<boolean> {
  const keys = tables.selectFrom('author_keys').select('status').where('key_id', '=', keyId)
  return (yield* first(keys.where('user_id', '=', userId)))?.status === 'active'
}

function* addPackage({name, visibility}: VersionDraft, now: number): Rule<PackageRow> {
  const times = {created_at: now, updated_at: now, published_at: now}
  const row = {name, scope: scopeHolder(name), visibility, revision: 0, ...times}
  const [, added] = yield* together([run(tables.insertInto('packages').values(row)), findPackage(name)])
  if (!added) throw new Error(`${name} was added but is missing`)
  return added
}

function* addVersion(packageId: number, publishedBy: string, draft: VersionDraft, now: number): Rule<void> {
  const added = tables.insertInto('versions').values({
    package_id: packageId,
    version: draft.version,
    type: draft.type,
    sha256: draft.sha256,
    size: draft.size,
    unpacked_size: draft.unpackedSize,
    file_count: draft.fileCount,
    published_at: now,
    published_by: publishedBy,
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

/** The tags for a new version, the requested one first. A version lower than `latest`, such as a backport, does not get `latest`. */
function* tagsFor(packageId: number, {version, tag}: VersionDraft): Rule<string[]> {
  const latest = yield* taggedVersion(packageId, 'latest')
  const isNext =
    tag === undefined && !isPrerelease(version) && latest !== undefined && compareVersions(version, latest) > 0
  const tags = [tag, latest === undefined || isNext ? 'latest' : undefined]
  return [...new Set(tags)].filter((each) => each !== undefined)
}
