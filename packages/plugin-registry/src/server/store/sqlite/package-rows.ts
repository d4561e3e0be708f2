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
