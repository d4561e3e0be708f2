import {type Kysely, sql} from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('tokens')
    .addColumn('organization_id', 'text', (column) => column.references('organizations.id'))
    .execute()
  await sql`
    CREATE INDEX tokens_organization ON tokens (organization_id, created_at, id)
    WHERE organization_id IS NOT NULL`.execute(db)
}
