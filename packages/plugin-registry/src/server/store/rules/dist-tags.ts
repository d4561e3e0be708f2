import type {Actor, PackageStore} from '../store.js'
import {recordChange} from './audit.js'
import type {Connection} from './connection.js'
import {denialOf} from './package-authority.js'
import {findPackage, findVersion, touch, type PackageRow} from './package-rows.js'

export function createDistTagChanges(connection: Connection): Pick<PackageStore, 'setTag' | 'removeTag'> {
  return {
    setTag: ({name, tag, version}, credential, by, now) =>
      connection.write(() => {
        const denial = denialOf(connection, credential, name, now)
        if (denial) return denial
        const changed = findPackage(connection, name)
        if (!changed) return 'package-unknown'
        const row = findVersion(connection, changed.id, version)
        if (!row) return 'version-unknown'
        if (row.taken_down_at !== null) return 'retired'
        moveTag(connection, changed, {tag, version}, by, now)
        return 'set'
      }),

    removeTag: ({name, tag}, credential, by, now) =>
      connection.write(() => {
        const denial = denialOf(connection, credential, name, now)
        if (denial) return denial
        const changed = findPackage(connection, name)
        if (!changed) return 'package-unknown'
        const version = taggedVersion(connection, changed.id, tag)
        if (version === undefined) return 'tag-unknown'
        dropTag(connection, changed.id, tag)
        touch(connection, changed, now)
        recordChange(connection, {at: now, action: 'package.untag', by, target: `${name}@${version}`, detail: {tag}})
        return 'removed'
      }),
  }
}

export function taggedVersion(connection: Connection, packageId: number, tag: string): string | undefined {
  const tags = connection.build.selectFrom('dist_tags').select('version').where('package_id', '=', packageId)
  return connection.first(tags.where('tag', '=', tag))?.version
}

export function tagsOf(connection: Connection, packageId: number, version: string): string[] {
  const tags = connection.build.selectFrom('dist_tags').select('tag').where('package_id', '=', packageId)
  return connection.all(tags.where('version', '=', version).orderBy('tag')).map(({tag}) => tag)
}

export function putTag(connection: Connection, packageId: number, tag: string, version: string): void {
  connection.run(
    connection.build
      .insertInto('dist_tags')
      .values({package_id: packageId, tag, version})
      .onConflict((conflict) => conflict.columns(['package_id', 'tag']).doUpdateSet({version})),
  )
}

export function dropTag(connection: Connection, packageId: number, tag: string): boolean {
  const tags = connection.build.deleteFrom('dist_tags').where('package_id', '=', packageId)
  return connection.run(tags.where('tag', '=', tag)) === 1
}

export function moveTag(
  connection: Connection,
  tagged: PackageRow,
  {tag, version}: {tag: string; version: string},
  by: Actor,
  now: number,
): void {
  const before = taggedVersion(connection, tagged.id, tag)
  if (before === version) return
  putTag(connection, tagged.id, tag, version)
  touch(connection, tagged, now)
  const detail = {tag, ...(before !== undefined && {before})}
  recordChange(connection, {at: now, action: 'package.tag', by, target: `${tagged.name}@${version}`, detail})
}
