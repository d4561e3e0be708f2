import {compareVersions, isPrerelease} from '@apkg/package-format'
import type {Selectable} from 'kysely'

import type {Schema} from '../schema.js'
import type {Actor, PackageStore, Publication, TakeDown, VersionDraft} from '../store.js'
import {recordChange} from './audit.js'
import type {Connection} from './connection.js'
import {toJson} from './json-columns.js'
import {denialOf, scopeHolder} from './package-authority.js'
import {indexPackage} from './package-search.js'
import type {RegistrySigner} from './signing-keys.js'

type PackageChanges = Pick<PackageStore, 'publish' | 'deprecate' | 'setTag' | 'removeTag' | 'takeDown'>

export function createPackageChanges(connection: Connection, signer: RegistrySigner): PackageChanges {
  const {build} = connection

  function findPackage(name: string) {
    return connection.first(build.selectFrom('packages').selectAll().where('name', '=', name))
  }

  function findVersion(packageId: number, version: string) {
    const rows = build
      .selectFrom('versions')
      .select(['id', 'sha256', 'published_at', 'taken_down_at', 'taken_down_reason', 'signer'])
    return connection.first(rows.where('package_id', '=', packageId).where('version', '=', version))
  }

  function isActiveKeyOf(keyId: string, userId: string): boolean {
    const keys = build.selectFrom('author_keys').select('status').where('key_id', '=', keyId)
    return connection.first(keys.where('user_id', '=', userId))?.status === 'active'
  }

  function taggedVersion(packageId: number, tag: string): string | undefined {
    const tags = build.selectFrom('dist_tags').select('version').where('package_id', '=', packageId)
    return connection.first(tags.where('tag', '=', tag))?.version
  }

  function tagsOf(packageId: number, version: string): string[] {
    const tags = build.selectFrom('dist_tags').select('tag').where('package_id', '=', packageId)
    return connection.all(tags.where('version', '=', version).orderBy('tag')).map(({tag}) => tag)
  }

  function putTag(packageId: number, tag: string, version: string): void {
    connection.run(
      build
        .insertInto('dist_tags')
        .values({package_id: packageId, tag, version})
        .onConflict((conflict) => conflict.columns(['package_id', 'tag']).doUpdateSet({version})),
    )
  }

  function dropTag(packageId: number, tag: string): boolean {
    const tags = build.deleteFrom('dist_tags').where('package_id', '=', packageId)
    return connection.run(tags.where('tag', '=', tag)) === 1
  }

  /** Updates what depends on the package's state. */
  function touch({id, revision}: Selectable<Schema['packages']>, now: number): void {
    connection.run(
      build
        .updateTable('packages')
        .set({revision: revision + 1, updated_at: now})
        .where('id', '=', id),
    )
    indexPackage(connection, id)
  }

  function addPackage({name, visibility}: VersionDraft, now: number): Selectable<Schema['packages']> {
    const times = {created_at: now, updated_at: now, published_at: now}
    connection.run(
      build.insertInto('packages').values({name, scope: scopeHolder(name), visibility, revision: 0, ...times}),
    )
    const added = findPackage(name)
    if (!added) throw new Error(`${name} was added but is missing`)
    return added
  }

  function addVersion(packageId: number, publishedBy: string, draft: VersionDraft, now: number): void {
    connection.run(
      build.insertInto('versions').values({
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
    signer.attest({name: draft.name, version: draft.version}, now)
    connection.run(build.updateTable('packages').set({published_at: now}).where('id', '=', packageId))
  }

  /** The tags for a new version, the requested one first. A version lower than `latest`, such as a backport, does not get `latest`. */
  function tagsFor(packageId: number, {version, tag}: VersionDraft): string[] {
    const latest = taggedVersion(packageId, 'latest')
    const isNext =
      tag === undefined && !isPrerelease(version) && latest !== undefined && compareVersions(version, latest) > 0
    const tags = [tag, latest === undefined || isNext ? 'latest' : undefined]
    return [...new Set(tags)].filter((each) => each !== undefined)
  }

  function moveTag(
    tagged: Selectable<Schema['packages']>,
    {tag, version}: {tag: string; version: string},
    by: Actor,
    now: number,
  ): void {
    const before = taggedVersion(tagged.id, tag)
    if (before === version) return
    putTag(tagged.id, tag, version)
    touch(tagged, now)
    const detail = {tag, ...(before !== undefined && {before})}
    recordChange(connection, {at: now, action: 'package.tag', by, target: `${tagged.name}@${version}`, detail})
  }

  /** The highest available version, preferably a stable one. */
  function highestVersion(packageId: number): string | undefined {
    const rows = connection.all(
      build
        .selectFrom('versions')
        .select('version')
        .where('package_id', '=', packageId)
        .where('taken_down_at', 'is', null),
    )
    const versions = rows.map(({version}) => version).sort(compareVersions)
    return versions.findLast((version) => !isPrerelease(version)) ?? versions.at(-1)
  }

  return {
    publish: (draft, credential, by, now) =>
      connection.write((): Publication => {
        const {name, version} = draft
        const denial = denialOf(connection, credential, name, now)
        if (denial) return {outcome: denial}
        const existing = findPackage(name)
        if (existing && existing.visibility !== draft.visibility) return {outcome: 'visibility-fixed'}
        const before = existing && findVersion(existing.id, version)
        if (before) {
          if (before.taken_down_at !== null) return {outcome: 'retired'}
          if (before.sha256 !== draft.sha256) return {outcome: 'exists'}
          const {tag} = draft
          if (tag !== undefined) moveTag(existing, {tag, version}, by, now)
          return {outcome: 'identical', publishedAt: before.published_at, tag, signer: before.signer}
        }
        if (draft.signature && !isActiveKeyOf(draft.signature.keyId, credential.owner.id)) {
          return {outcome: 'signer-unknown'}
        }
        const published = existing ?? addPackage(draft, now)
        addVersion(published.id, credential.owner.id, draft, now)
        const tags = tagsFor(published.id, draft)
        for (const tag of tags) putTag(published.id, tag, version)
        touch(published, now)
        const signed = draft.signature && {signer: draft.signature.keyId}
        const detail = {sha256: draft.sha256, visibility: draft.visibility, tags, ...signed}
        recordChange(connection, {at: now, action: 'package.publish', by, target: `${name}@${version}`, detail})
        return {outcome: 'published', publishedAt: now, tag: tags[0], signer: draft.signature?.keyId ?? null}
      }),

    deprecate: ({name, version, message}, credential, by, now) =>
      connection.write(() => {
        const denial = denialOf(connection, credential, name, now)
        if (denial) return denial
        const changed = findPackage(name)
        if (!changed) return 'package-unknown'
        if (version === undefined) {
          connection.run(build.updateTable('packages').set({deprecated: message}).where('id', '=', changed.id))
        } else {
          const row = findVersion(changed.id, version)
          if (!row) return 'version-unknown'
          if (row.taken_down_at !== null) return 'taken-down'
          connection.run(build.updateTable('versions').set({deprecated: message}).where('id', '=', row.id))
        }
        touch(changed, now)
        const target = version === undefined ? name : `${name}@${version}`
        recordChange(connection, {at: now, action: 'package.deprecate', by, target, detail: {message}})
        return 'done'
      }),

    setTag: ({name, tag, version}, credential, by, now) =>
      connection.write(() => {
        const denial = denialOf(connection, credential, name, now)
        if (denial) return denial
        const changed = findPackage(name)
        if (!changed) return 'package-unknown'
        const row = findVersion(changed.id, version)
        if (!row) return 'version-unknown'
        if (row.taken_down_at !== null) return 'retired'
        moveTag(changed, {tag, version}, by, now)
        return 'set'
      }),

    removeTag: ({name, tag}, credential, by, now) =>
      connection.write(() => {
        const denial = denialOf(connection, credential, name, now)
        if (denial) return denial
        const changed = findPackage(name)
        if (!changed) return 'package-unknown'
        const version = taggedVersion(changed.id, tag)
        if (version === undefined) return 'tag-unknown'
        dropTag(changed.id, tag)
        touch(changed, now)
        recordChange(connection, {at: now, action: 'package.untag', by, target: `${name}@${version}`, detail: {tag}})
        return 'removed'
      }),

    takeDown: ({name, version, reason}, by, now) =>
      connection.write((): TakeDown => {
        const changed = findPackage(name)
        if (!changed) return {outcome: 'package-unknown'}
        const row = findVersion(changed.id, version)
        if (!row) return {outcome: 'version-unknown'}
        if (row.taken_down_at !== null) return {outcome: 'taken-down-before', reason: row.taken_down_reason ?? ''}
        connection.run(
          build.updateTable('versions').set({taken_down_at: now, taken_down_reason: reason}).where('id', '=', row.id),
        )
        const dropped = tagsOf(changed.id, version)
        for (const tag of dropped) dropTag(changed.id, tag)
        const next = dropped.includes('latest') ? highestVersion(changed.id) : undefined
        if (next !== undefined) putTag(changed.id, 'latest', next)
        touch(changed, now)
        const moved = next === undefined ? [] : [{tag: 'latest', version: next}]
        const removed = dropped.filter((tag) => !moved.some((each) => each.tag === tag))
        const detail = {reason, moved, removed}
        recordChange(connection, {at: now, action: 'package.takedown', by, target: `${name}@${version}`, detail})
        return {outcome: 'taken-down', moved, removed}
      }),
  }
}
