import {type Kysely, sql} from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('token_values')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('token_id', 'text', (column) => column.notNull().references('tokens.id'))
    .addColumn('generation', 'integer', (column) => column.notNull())
    .addColumn('hash', 'blob', (column) => column.notNull().unique())
    .addColumn('prefix', 'text', (column) => column.notNull())
    .addColumn('lifetime', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('replaces', 'text')
    .addColumn('begun_by', 'text')
    .addColumn('grace', 'bigint')
    .addColumn('ends_at', 'bigint')
    .addColumn('displaced_by', 'text')
    .execute()
  await db.schema.createIndex('token_values_token').on('token_values').column('token_id').execute()
  await db.schema.alterTable('tokens').addColumn('value_id', 'text').execute()

  // The first value of a token has the token's ID, so the uses that were recorded are the uses of that value.
  await sql`
    INSERT INTO token_values (id, token_id, generation, hash, prefix, lifetime, created_at, expires_at)
    SELECT id, id, 1, hash, prefix, lifetime, created_at, expires_at FROM tokens`.execute(db)
  await sql`UPDATE tokens SET value_id = id`.execute(db)
}
