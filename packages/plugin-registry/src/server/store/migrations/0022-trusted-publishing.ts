import {type Kysely, sql} from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('names').addColumn('trusted_publishing_since', 'bigint').execute()
  await db.schema.alterTable('versions').addColumn('published_as', 'text').execute()
  await db.schema.alterTable('versions').addColumn('trusted_publisher', 'text').execute()
  await db.schema.alterTable('version_signatures').addColumn('origin_attestation', 'text').execute()

  await db.schema
    .createTable('trusted_publishers')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('scope', 'text', (column) => column.notNull().references('names.name'))
    .addColumn('package', 'text', (column) => column.notNull())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('issuer', 'text', (column) => column.notNull())
    .addColumn('claims', 'text', (column) => column.notNull())
    .addColumn('workflow', 'text')
    .addColumn('events', 'text')
    .addColumn('identity', 'text', (column) => column.notNull())
    .addColumn('project', 'text')
    .addColumn('project_number', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('created_by', 'text', (column) => column.notNull().references('users.id'))
    .addColumn('pinned_at', 'bigint')
    .addColumn('pending_until', 'bigint')
    .addColumn('last_used_at', 'bigint')
    .addColumn('suspended_at', 'bigint')
    .addColumn('removed_at', 'bigint')
    .execute()
  await db.schema.createIndex('trusted_publishers_scope').on('trusted_publishers').column('scope').execute()
  for (const column of ['project', 'project_number']) {
    await db.schema
      .createIndex(`trusted_publishers_${column}`)
      .on('trusted_publishers')
      .columns(['issuer', column])
      .execute()
  }
  await sql`
    CREATE UNIQUE INDEX trusted_publishers_identity ON trusted_publishers (identity) WHERE removed_at IS NULL`.execute(
    db,
  )

  await db.schema
    .createTable('exchanged_tokens')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('publisher_id', 'text', (column) => column.notNull().references('trusted_publishers.id'))
    .addColumn('hash', 'blob', (column) => column.notNull().unique())
    .addColumn('prefix', 'text', (column) => column.notNull())
    .addColumn('jti_hash', 'blob', (column) => column.notNull().unique())
    .addColumn('id_token_hash', 'blob', (column) => column.notNull())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('exchanged_at', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('ended_at', 'bigint')
    .execute()
}
