import {compareVersions, isPrerelease} from '@apkg/package-format'

import {all, type Port, type Rule, run, together} from '../port.js'
import type {PackageStore, TakeDown} from '../store.js'
import {recordChange} from './audit.js'
import {releaseBlobs} from './blobs.js'
import {dropTag, putTag, tagsOf} from './dist-tags.js'
import {findPackage, findSameVersions, touch} from './package-rows.js'
import {indexPackage} from './package-search.js'
import {tables} from './tables.js'

export function createTakeDown(port: Port): Pick<PackageStore, 'takeDown'> {
  return {
    takeDown: ({name, version, reason}, by, now) =>
      port.write(function* (): Rule<TakeDown> {
        const changed = yield* findPackage(name)
        if (!changed) return {outcome: 'package-unknown'}
        const rows = yield* findSameVersions(changed.id, version)
        const row = rows.find((each) => each.version === version)
        if (!row) return {outcome: 'version-unknown'}
        const live = rows.filter((each) => each.taken_down_at === null)
        if (live.length === 0) return {outcome: 'taken-down-before', reason: row.taken_down_reason ?? ''}
        const ids = live.map(({id}) => id)
        const ended = {taken_down_at: now, taken_down_reason: reason}
        yield* run(tables.updateTable('versions').set(ended).where('id', 'in', ids))
        yield* releaseBlobs(
          live.map(({sha256}) => sha256),
          now,
        )
        const dropped: string[] = []
        for (const each of live) dropped.push(...(yield* tagsOf(changed.id, each.version)))
        dropped.sort()
        yield* together(dropped.map((tag) => dropTag(changed.id, tag)))
        const next = dropped.includes('latest') ? yield* highestVersion(changed.id) : undefined
        const moved = next === undefined ? [] : [{tag: 'latest', version: next}]
        const removed = dropped.filter((tag) => !moved.some((each) => each.tag === tag))
        const detail = {reason, moved, removed}
        yield* together([
          ...moved.map(({tag, version}) => putTag(changed.id, tag, version)),
          touch(changed, now),
          ...live.map((each) =>
            recordChange({at: now, action: 'package.takedown', by, target: `${name}@${each.version}`, detail}),
          ),
        ])
        if (dropped.includes('latest')) yield* indexPackage(changed.id)
        const same = live.map((each) => each.version).filter((each) => each !== version)
        return {outcome: 'taken-down', same, moved, removed}
      }),
  }
}

/** Finds the highest available version, preferably a stable one. */
function* highestVersion(packageId: number): Rule<string | undefined> {
  const rows = yield* all(
    tables
      .selectFrom('versions')
      .select('version')
      .where('package_id', '=', packageId)
      .where('taken_down_at', 'is', null),
  )
  const versions = rows.map(({version}) => version).sort(compareVersions)
  return versions.findLast((version) => !isPrerelease(version)) ?? versions.at(-1)
}
