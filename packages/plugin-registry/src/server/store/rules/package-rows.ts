import {withoutBuild} from '@apkg/package-format'
import type {Selectable} from 'kysely'

import type {Schema} from '../schema.js'
import type {Connection} from './connection.js'
import {indexPackage} from './package-search.js'

export type PackageRow = Selectable<Schema['packages']>

export function findPackage(connection: Connection, name: string) {
  return connection.first(connection.build.selectFrom('packages').selectAll().where('name', '=', name))
}

export function findVersion(connection: Connection, packageId: number, version: string) {
  const rows = connection.build
    .selectFrom('versions')
    .select(['id', 'sha256', 'published_at', 'taken_down_at', 'taken_down_reason', 'signer'])
  return connection.first(rows.where('package_id', '=', packageId).where('version', '=', version))
}

/** The rows of a version number: the version itself, and any that differ from it only in build metadata. */
export function findSameVersions(connection: Connection, packageId: number, version: string) {
  const number = withoutBuild(version)
  const rows = connection.build
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
  return connection.all(rows.orderBy('id'))
}

/** Updates what depends on the package's state. */
export function touch(connection: Connection, {id, revision}: PackageRow, now: number): void {
  connection.run(
    connection.build
      .updateTable('packages')
      .set({revision: revision + 1, updated_at: now})
      .where('id', '=', id),
  )
  indexPackage(connection, id)
}
