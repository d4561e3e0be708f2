import {type Kysely, sql} from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('sessions').addColumn('kind', 'text').execute()
  await db.schema.alterTable('sessions').addColumn('authenticated_at', 'bigint').execute()
  await db.schema
    .createTable('browser_requests')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('device_hash', 'blob', (column) => column.unique())
    .addColumn('user_code', 'text', (column) => column.unique())
    .addColumn('redirect_uri', 'text')
    .addColumn('code_challenge', 'text')
    .addColumn('state', 'text')
    .addColumn('session_id', 'text')
    .addColumn('user_id', 'text')
    .addColumn('address', 'text')
    .addColumn('agent', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('poll_interval', 'bigint', (column) => column.notNull())
    .addColumn('decided_at', 'bigint')
    .addColumn('approved_by', 'text')
    .addColumn('authenticated_at', 'bigint')
    .addColumn('code_hash', 'blob', (column) => column.unique())
    .addColumn('closed_at', 'bigint')
    .execute()
  await db.schema.createIndex('browser_requests_age').on('browser_requests').column('created_at').execute()
  await sql`CREATE INDEX browser_requests_approver ON browser_requests (approved_by) WHERE approved_by IS NOT NULL`.execute(
    db,
  )
}
