import {type Kysely, sql} from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audit_chain')
    .addColumn('position', 'integer', (column) => column.primaryKey())
    .addColumn('audit_id', 'integer', (column) => column.notNull())
    .addColumn('mac', 'blob', (column) => column.notNull())
    .execute()

  await db.schema
    .createTable('leases')
    .addColumn('name', 'text', (column) => column.primaryKey().notNull())
    .addColumn('holder', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute()

  // The chain begins with this row, or with the first one of a new registry.
  await sql`
    INSERT INTO audit (at, action, detail)
    SELECT max(at), 'audit.begin', json_object('before', count(*)) FROM audit HAVING count(*) > 0`.execute(db)
}
