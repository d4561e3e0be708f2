import type {SqliteDriver, SqliteHandle} from './driver.js'
import {appliedMigrations, pendingMigrations} from './migrate.js'

/** A blob of an available version. */
export interface ReferencedBlob {
  /** Hex-encoded. */
  sha256: string
  size: number
  /** Where the bytes are. Undefined in the snapshot of an earlier release, and if they are missing. */
  key: string | undefined
  /** One of the versions with this blob, such as `@acme/tool@1.0.0`. */
  version: string
}

export interface SnapshotContent {
  /** Problems that SQLite found. */
  damage: string[]
  blobs: ReferencedBlob[]
  counts: {users: number; packages: number; versions: number}
}

/**
 * Copies a snapshot of a database, to which other processes may be writing.
 *
 * @param copy an empty file
 */
export function takeSnapshot(driver: SqliteDriver, database: string, copy: string): void {
  const source = driver.open(database)
  try {
    source.exec('PRAGMA busy_timeout = 5000')
    source.prepare('VACUUM INTO ?').run(copy)
  } finally {
    source.close()
  }
}

/**
 * Checks a copy without changing it or creating files next to it.
 *
 * @throws {NewerSchema | StoreDamaged}
 */
export function inspectSnapshot(driver: SqliteDriver, file: string): SnapshotContent {
  const database = driver.open(file, {readOnly: true})
  try {
    const pending = pendingMigrations(appliedMigrations(database))
    const hasPackages = !pending.includes('0002-packages')
    const findBlobs = pending.includes('0028-blobs') ? findHashes : findKeys
    return {
      damage: damageOf(database),
      blobs: hasPackages ? readBlobs(database, findBlobs) : [],
      counts: {
        users: count(database, 'users WHERE removed_at IS NULL'),
        packages: hasPackages ? count(database, 'packages') : 0,
        versions: hasPackages ? count(database, 'versions WHERE taken_down_at IS NULL') : 0,
      },
    }
  } finally {
    database.close()
  }
}

const findHashes = `
  SELECT versions.sha256, versions.size, min(packages.name || '@' || versions.version) AS version
  FROM versions JOIN packages ON packages.id = versions.package_id
  WHERE versions.taken_down_at IS NULL GROUP BY versions.sha256 ORDER BY versions.sha256`

const findKeys = `
  SELECT found.*, blobs.key FROM (${findHashes}) found
  LEFT JOIN blobs ON blobs.sha256 = found.sha256 AND blobs.state = 'live' ORDER BY found.sha256`

function readBlobs(database: SqliteHandle, query: string): ReferencedBlob[] {
  const rows = database.prepare(query).all() as (Omit<ReferencedBlob, 'key'> & {key?: string | null})[]
  return rows.map(({sha256, size, version, key}) => ({sha256, size, version, key: key ?? undefined}))
}

function damageOf(database: SqliteHandle): string[] {
  const checks = database.prepare('PRAGMA integrity_check').all() as {integrity_check: string}[]
  const problems = checks.map((row) => row.integrity_check).filter((text) => text !== 'ok')
  const orphans = database.prepare('PRAGMA foreign_key_check').all() as {table: string; parent: string}[]
  return [...problems, ...orphans.map(({table, parent}) => `a row of ${table} refers to a missing row of ${parent}`)]
}

function count(database: SqliteHandle, rows: string): number {
  return (database.prepare(`SELECT count(*) AS count FROM ${rows}`).get() as {count: number}).count
}
