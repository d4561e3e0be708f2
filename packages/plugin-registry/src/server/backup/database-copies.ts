import {closeSync, mkdirSync, openSync, rmSync} from 'node:fs'
import path from 'node:path'

import {databaseSealingKey} from '../operations/open-postgres-store.js'
import {copyRows} from '../store/copy/copy-rows.js'
import {assertUnused, clearRegistry} from '../store/copy/unused-registry.js'
import type {PostgresOptions} from '../store/postgres/index.js'
import {openPostgresTransaction} from '../store/postgres/open-transaction.js'
import {loadSqlite} from '../store/sqlite/driver.js'
import {openSqlite} from '../store/sqlite/index.js'
import {openSqliteTransaction} from '../store/sqlite/open-transaction.js'
import {takeSnapshot} from '../store/sqlite/snapshot.js'

/**
 * Copies a snapshot of a PostgreSQL database to a SQLite file.
 *
 * @param file exists, and is empty
 * @param building a directory that doesn't exist, and that is deleted afterwards
 */
export async function copyFromPostgres(options: PostgresOptions, file: string, building: string): Promise<void> {
  const driver = await loadSqlite()
  mkdirSync(building, {mode: 0o700})
  const built = path.join(building, 'registry.db')
  closeSync(openSync(built, 'wx', 0o600))
  await (await openSqlite({driver, path: built})).close()
  const source = await openPostgresTransaction(options, 'read')
  try {
    const target = openSqliteTransaction(driver, built, 'write')
    try {
      const {key} = options
      const from = {transaction: source, sealingKey: databaseSealingKey(key)}
      await copyRows(from, {transaction: target, sealingKey: key}, {key})
      await target.commit()
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
  takeSnapshot(driver, built, file)
  rmSync(building, {recursive: true})
}

/**
 * Looks before anything is copied.
 *
 * @throws {DatabaseInUse}
 */
export async function assertDatabaseUnused(options: PostgresOptions): Promise<void> {
  const database = await openPostgresTransaction(options, 'read')
  try {
    await assertUnused(database)
  } finally {
    await database.close()
  }
}

/**
 * Copies a SQLite file to a PostgreSQL database that no registry uses.
 *
 * @throws {DatabaseInUse}
 * @throws {OutcomeUnknown} if the rows may have been written
 */
export async function copyToPostgres(file: string, options: PostgresOptions): Promise<void> {
  const {key} = options
  const target = await openPostgresTransaction(options, 'write')
  try {
    await assertUnused(target)
    await clearRegistry(target)
    const source = openSqliteTransaction(await loadSqlite(), file, 'read')
    try {
      const to = {transaction: target, sealingKey: databaseSealingKey(key)}
      await copyRows({transaction: source, sealingKey: key}, to, {key})
    } finally {
      await source.close()
    }
    await target.commit()
  } finally {
    await target.close()
  }
}
