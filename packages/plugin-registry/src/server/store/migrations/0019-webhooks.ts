import {type Kysely, sql} from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('webhook_progress')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('position', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('webhook_deliveries')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('position', 'bigint', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('queue', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('due_at', 'bigint')
    .execute()
  await db.schema.createIndex('webhook_deliveries_queue').on('webhook_deliveries').columns(['queue', 'id']).execute()
  await sql`CREATE INDEX webhook_deliveries_due ON webhook_deliveries (due_at) WHERE due_at IS NOT NULL`.execute(db)

  await db.schema.alterTable('token_values').addColumn('expiry_notice', 'integer').execute()
  await sql`
    CREATE INDEX tokens_expiry ON tokens (expires_at)
    WHERE revoked_at IS NULL AND expires_at IS NOT NULL`.execute(db)
}
