import {withoutBuild} from '@apkg/package-format'
import type {Selectable} from 'kysely'

import {all, first, run, type Step} from '../port.js'
import type {Schema} from '../schema.js'
import {indexPackage} from './package-search.js'
import {tables} from './tables.js'

export type PackageRow = Selectable<Schema['packages']>

export function findPackage(name: string): Step<PackageRow | undefined> {
  return first(tables.selectFrom('packages').selectAll().where('name', '=', name))
}

export function findVersion(packageId: number, version: string) {
  const rows = tables
    .selectFrom('versions')
    .select(['id', 'sha256', 'published_at', 'taken_down_at', 'taken_down_reason', 'signer'])
  return first(rows.where('package_id', '=', packageId).where('version', '=', version))
}

/** The rows of a version number: the version itself, and any that differ from it only in build metadata. */
export function findSameVersions(packageId: number, version: string) {
  const number = withoutBuild(version)
  const rows = tables
    .selectFrom('versions')
    .select(['id', 'version', 'taken_down_at', 'taken_down_reason'])
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

/** Updates what depends on the package's state. */
export function touch({id, revision}: PackageRow, now: number): Step<number>[] {
  const touched = {revision: revision + 1, updated_at: now}
  return [run(tables.updateTable('packages').set(touched).where('id', '=', id)), ...indexPackage(id)]
}
