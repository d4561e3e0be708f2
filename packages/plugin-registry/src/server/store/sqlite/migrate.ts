import {closeSync, openSync, renameSync, rmSync} from 'node:fs'

import {Kysely, Migrator, SqliteDialect} from 'kysely'

import {migrations} from '../migrations/index.js'
import {NewerSchema} from '../store-errors.js'
import {bindable, type Connection} from './connection.js'
import type {SqliteHandle} from './driver.js'

/**
 * Applies pending migrations. An existing database is first copied to a file next to it.
 *
 * @param beforeChange called before an existing database is migrated. Can throw to prevent it.
 * @throws {NewerSchema} if the database has unknown migrations
 */
export async function migrate(connection: Connection, path: string, beforeChange: () => void): Promise<void> {
  const applied = appliedMigrations(connection)
  const pending = pendingMigrations(applied)
  if (pending.length === 0) return
  if (applied.length > 0) {
    beforeChange()
    backUp(connection, `${path}.before-${pending[0]}`)
  }
  // kysely assumes that SQLite's DDL is not transactional, but it is. The lock also makes other processes wait.
  connection.exec('BEGIN IMMEDIATE')
  try {
    if (pendingMigrations(appliedMigrations(connection)).length > 0) await applyAll(connection)
    connection.exec('COMMIT')
  } catch (error) {
    rollBack(connection)
    throw error
  }
}

function rollBack(connection: Connection): void {
  try {
    connection.exec('ROLLBACK')
  } catch {
    // SQLite ends the transaction itself after some failures, such as a temporary file that it can't create.
  }
}

async function applyAll(connection: Connection): Promise<void> {
  const db = new Kysely<unknown>({dialect: new SqliteDialect({database: asKyselyDatabase(connection)})})
  const migrator = new Migrator({db, provider: {getMigrations: async () => migrations}})
  const {error} = await migrator.migrateToLatest()
  if (error) throw error as Error
}

function asKyselyDatabase(connection: Connection) {
  return {
    close: () => {},
    prepare: (sql: string) => {
      const statement = connection.prepare(sql)
      return {
        reader: statement.columns().length > 0,
        all: (parameters: readonly unknown[]) => statement.all(...bindable(parameters)),
        run: (parameters: readonly unknown[]) => statement.run(...bindable(parameters)),
        iterate: (parameters: readonly unknown[]) => statement.iterate(...bindable(parameters)),
      }
    },
  }
}

export function appliedMigrations(database: Pick<SqliteHandle, 'prepare'>): string[] {
  const table = database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'kysely_migration'").get()
  if (!table) return []
  const rows = database.prepare('SELECT name FROM kysely_migration ORDER BY name').all() as {name: string}[]
  return rows.map((row) => row.name)
}

/** @throws {NewerSchema} if an applied migration is unknown */
export function pendingMigrations(applied: string[]): string[] {
  const unknown = applied.find((name) => !Object.hasOwn(migrations, name))
  if (unknown !== undefined) throw new NewerSchema(unknown)
  return Object.keys(migrations).filter((name) => !applied.includes(name))
}

function backUp(connection: Connection, copy: string): void {
  const unfinished = `${copy}.part`
  rmSync(unfinished, {force: true})
  closeSync(openSync(unfinished, 'wx', 0o600))
  connection.prepare('VACUUM INTO ?').run(unfinished)
  renameSync(unfinished, copy)
}
