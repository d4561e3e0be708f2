import {type Kysely, sql} from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('blobs')
    .addColumn('key', 'text', (column) => column.primaryKey().notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('size', 'bigint', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('unreferenced_at', 'bigint')
    .execute()
  await sql`CREATE UNIQUE INDEX blobs_live ON blobs (sha256) WHERE state = 'live'`.execute(db)
  await sql`CREATE INDEX blobs_unused ON blobs (unreferenced_at, key) WHERE unreferenced_at IS NOT NULL`.execute(db)

  // Until now, files were named by their hash. Some of those of versions that were taken down are already deleted.
  await sql`
    INSERT INTO blobs (key, sha256, size, state, unreferenced_at)
    SELECT 'sha256/' || substr(sha256, 1, 2) || '/' || substr(sha256, 3, 2) || '/' || sha256, sha256, max(size), 'live',
      CASE WHEN count(taken_down_at) = count(*) THEN max(taken_down_at) END
    FROM versions GROUP BY sha256`.execute(db)
}
