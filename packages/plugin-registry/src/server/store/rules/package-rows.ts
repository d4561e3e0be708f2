import {withoutBuild} from '@apkg/package-format'
import type {Selectable} from 'kysely'

import {all, first, type Rule, run, type Step} from '../port.js'
import {availableVersion} from '../publication-rule.js'
import type {Schema} from '../schema.js'
import type {SameVersion} from '../store.js'
import {tables} from './tables.js'

export type PackageRow = Selectable<Schema['packages']>

export function findPackage(name: string): Step<PackageRow | undefined> {
  return first(tables.selectFrom('packages').selectAll().where('name', '=', name))
}

export function* findAvailable(
  packageId: number,
  version: string,
): Rule<{id: number; isYanked: boolean} | 'version-unknown' | 'taken-down'> {
  const rows = tables.selectFrom('versions').select(['id', 'taken_down_at', 'yanked_at'])
  const row = yield* first(rows.where('package_id', '=', packageId).where('version', '=', version))
  if (!row) return 'version-unknown'
  const {id, taken_down_at: takenDownAt, yanked_at: yankedAt} = row
  return availableVersion({id, isTakenDown: takenDownAt !== null, isYanked: yankedAt !== null})
}

/** Finds a version and all versions that differ from it only in build metadata. */
export function findSameVersions(packageId: number, version: string) {
  const number = withoutBuild(version)
  const rows = tables
    .selectFrom('versions')
    .select(['id', 'version', 'sha256', 'published_at', 'signer', 'taken_down_at', 'taken_down_reason'])
    .where('package_id', '=', packageId)
    // The range finds everything that starts with `1.0.0+`, and can use the index.
    .where((row) =>
      row.or([
        row('version', '=', number),
        row.and([row('version', '>', `${number}+`), row('version', '<', `${number},`)]),
      ]),
    )
  return all(rows.orderBy('id'))
}

/** Increments the package's revision. */
export function touch({id, revision}: PackageRow, now: number): Step<number> {
  const touched = {revision: revision + 1, updated_at: now}
  return run(tables.updateTable('packages').set(touched).where('id', '=', id))
}

/** Returns the facts about a version that determine whether it can be published again or changed. */
export function toSameVersion({
  version,
  sha256,
  taken_down_at: at,
}: Pick<Selectable<Schema['versions']>, 'version' | 'sha256' | 'taken_down_at'>): SameVersion {
  return {version, sha256, isTakenDown: at !== null}
}
