import {compareVersions, isPrerelease} from '@apkg/package-format'

import type {PackageStore, TakeDown} from '../store.js'
import {recordChange} from './audit.js'
import type {Connection} from './connection.js'
import {dropTag, putTag, tagsOf} from './dist-tags.js'
import {findPackage, findSameVersions, touch} from './package-rows.js'

export function createTakeDown(connection: Connection): Pick<PackageStore, 'takeDown'> {
  return {
    takeDown: ({name, version, reason}, by, now) =>
      connection.write((): TakeDown => {
        const changed = findPackage(connection, name)
        if (!changed) return {outcome: 'package-unknown'}
        const rows = findSameVersions(connection, changed.id, version)
        const row = rows.find((each) => each.version === version)
        if (!row) return {outcome: 'version-unknown'}
        const live = rows.filter((each) => each.taken_down_at === null)
        if (live.length === 0) return {outcome: 'taken-down-before', reason: row.taken_down_reason ?? ''}
        const ids = live.map(({id}) => id)
        connection.run(
          connection.build
            .updateTable('versions')
            .set({taken_down_at: now, taken_down_reason: reason})
            .where('id', 'in', ids),
        )
        const dropped = live.flatMap((each) => tagsOf(connection, changed.id, each.version)).sort()
        for (const tag of dropped) dropTag(connection, changed.id, tag)
        const next = dropped.includes('latest') ? highestVersion(connection, changed.id) : undefined
        if (next !== undefined) putTag(connection, changed.id, 'latest', next)
        touch(connection, changed, now)
        const moved = next === undefined ? [] : [{tag: 'latest', version: next}]
        const removed = dropped.filter((tag) => !moved.some((each) => each.tag === tag))
        const detail = {reason, moved, removed}
        for (const each of live) {
          const target = `${name}@${each.version}`
          recordChange(connection, {at: now, action: 'package.takedown', by, target, detail})
        }
        const same = live.map((each) => each.version).filter((each) => each !== version)
        return {outcome: 'taken-down', same, moved, removed}
      }),
  }
}

/** The highest available version, preferably a stable one. */
function highestVersion(connection: Connection, packageId: number): string | undefined {
  const rows = connection.all(
    connection.build
      .selectFrom('versions')
      .select('version')
      .where('package_id', '=', packageId)
      .where('taken_down_at', 'is', null),
  )
  const versions = rows.map(({version}) => version).sort(compareVersions)
  return versions.findLast((version) => !isPrerelease(version)) ?? versions.at(-1)
}
