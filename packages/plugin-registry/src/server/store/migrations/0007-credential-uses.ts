import {type Kysely, sql} from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('credential_uses')
    .addColumn('credential_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('last_used_at', 'bigint', (column) => column.notNull())
    .modifyEnd(sql`WITHOUT ROWID`)
    .execute()
  await sql`
    INSERT INTO credential_uses (credential_id, last_used_at)
    SELECT id, last_used_at FROM tokens WHERE last_used_at IS NOT NULL
    UNION ALL
    SELECT id, used_at FROM sessions WHERE used_at IS NOT NULL`.execute(db)
}
