import {compareVersions, isPrerelease} from '@apkg/package-format'

import type {PackageStore, Publication, VersionDraft} from '../store.js'
import {recordChange} from './audit.js'
import type {Connection} from './connection.js'
import {moveTag, putTag, taggedVersion} from './dist-tags.js'
import {toJson} from './json-columns.js'
import {denialOf, scopeHolder} from './package-authority.js'
import {findPackage, findSameVersions, findVersion, touch, type PackageRow} from './package-rows.js'
import type {RegistrySigner} from './signing-keys.js'

/**
 * Publishes versions, each in one transaction. Transactions run one after another, so the second of two simultaneous
 * uploads of a version finds the first: it is `identical` if its bytes are the same, and refused otherwise.
 */
export function createPublishing(connection: Connection, signer: RegistrySigner): Pick<PackageStore, 'publish'> {
  return {
    publish: (draft, credential, by, now) =>
      connection.write((): Publication => {
        const {name, version} = draft
        const denial = denialOf(connection, credential, name, now)
        if (denial) return {outcome: denial}
        const existing = findPackage(connection, name)
        if (existing && existing.visibility !== draft.visibility) return {outcome: 'visibility-fixed'}
        const before = existing && findVersion(connection, existing.id, version)
        if (before) {
          if (before.taken_down_at !== null) return {outcome: 'retired'}
          if (before.sha256 !== draft.sha256) return {outcome: 'exists'}
          const {tag} = draft
          if (tag !== undefined) moveTag(connection, existing, {tag, version}, by, now)
          return {outcome: 'identical', publishedAt: before.published_at, tag, signer: before.signer}
        }
        const [same, ...others] = existing ? findSameVersions(connection, existing.id, version) : []
        if (same) {
          const isRetired = [same, ...others].some(({taken_down_at}) => taken_down_at !== null)
          return {outcome: isRetired ? 'retired' : 'exists', existing: same.version}
        }
        if (draft.signature && !isActiveKeyOf(connection, draft.signature.keyId, credential.owner.id)) {
          return {outcome: 'signer-unknown'}
        }
        const published = existing ?? addPackage(connection, draft, now)
        addVersion(connection, published.id, credential.owner.id, draft, now)
        signer.attest({name, version}, now)
        const tags = tagsFor(connection, published.id, draft)
        for (const tag of tags) putTag(connection, published.id, tag, version)
        touch(connection, published, now)
        const signed = draft.signature && {signer: draft.signature.keyId}
        const detail = {sha256: draft.sha256, visibility: draft.visibility, tags, ...signed}
        recordChange(connection, {at: now, action: 'package.publish', by, target: `${name}@${version}`, detail})
        return {outcome: 'published', publishedAt: now, tag: tags[0], signer: draft.signature?.keyId ?? null}
      }),
  }
}

function isActiveKeyOf(connection: Connection, keyId: string, userId: string): boolean {
  const keys = connection.build.selectFrom('author_keys').select('status').where('key_id', '=', keyId)
  return connection.first(keys.where('user_id', '=', userId))?.status === 'active'
}

function addPackage(connection: Connection, {name, visibility}: VersionDraft, now: number): PackageRow {
  const times = {created_at: now, updated_at: now, published_at: now}
  connection.run(
    connection.build.insertInto('packages').values({name, scope: scopeHolder(name), visibility, revision: 0, ...times}),
  )
  const added = findPackage(connection, name)
  if (!added) throw new Error(`${name} was added but is missing`)
  return added
}

function addVersion(
  connection: Connection,
  packageId: number,
  publishedBy: string,
  draft: VersionDraft,
  now: number,
): void {
  connection.run(
    connection.build.insertInto('versions').values({
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
    }),
  )
  connection.run(connection.build.updateTable('packages').set({published_at: now}).where('id', '=', packageId))
}

/** The tags for a new version, the requested one first. A version lower than `latest`, such as a backport, does not get `latest`. */
function tagsFor(connection: Connection, packageId: number, {version, tag}: VersionDraft): string[] {
  const latest = taggedVersion(connection, packageId, 'latest')
  const isNext =
    tag === undefined && !isPrerelease(version) && latest !== undefined && compareVersions(version, latest) > 0
  const tags = [tag, latest === undefined || isNext ? 'latest' : undefined]
  return [...new Set(tags)].filter((each) => each !== undefined)
}
