import {compareVersions, isPrerelease} from '@apkg/package-format'

import type {PackageStore, TakeDown} from '../store.js'
import {recordChange} from './audit.js'
import type {Connection} from './connection.js'
import {dropTag, putTag, tagsOf} from './dist-tags.js'
import {findPackage, findVersion, touch} from './package-rows.js'

export function createTakeDown(connection: Connection): Pick<PackageStore, 'takeDown'> {
  return {
    takeDown: ({name, version, reason}, by, now) =>
      connection.write((): TakeDown => {
        const changed = findPackage(connection, name)
        if (!changed) return {outcome: 'package-unknown'}
        const row = findVersion(connection, changed.id, version)
        if (!row) return {outcome: 'version-unknown'}
        if (row.taken_down_at !== null) return {outcome: 'taken-down-before', reason: row.taken_down_reason ?? ''}
        connection.run(
          connection.build
            .updateTable('versions')
            .set({taken_down_at: now, taken_down_reason: reason})
            .where('id', '=', row.id),
        )
        const dropped = tagsOf(connection, changed.id, version)
        for (const tag of dropped) dropTag(connection, changed.id, tag)
        const next = dropped.includes('latest') ? highestVersion(connection, changed.id) : undefined
        if (next !== undefined) putTag(connection, changed.id, 'latest', next)
        touch(connection, changed, now)
        const moved = next === undefined ? [] : [{tag: 'latest', version: next}]
        const removed = dropped.filter((tag) => !moved.some((each) => each.tag === tag))
        const detail = {reason, moved, removed}
        recordChange(connection, {at: now, action: 'package.takedown', by, target: `${name}@${version}`, detail})
        return {outcome: 'taken-down', moved, removed}
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
