import {type Kysely, sql} from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('token_suspensions')
    .addColumn('token_id', 'text', (column) => column.notNull().references('tokens.id'))
    .addColumn('made_by', 'text', (column) => column.notNull())
    .addColumn('name', 'text')
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addPrimaryKeyConstraint('token_suspensions_pk', ['token_id', 'made_by'])
    .execute()
  // Until now, only restores suspended tokens.
  await sql`
    INSERT INTO token_suspensions (token_id, made_by, name, at)
    SELECT id, 'restore', '(operator)', suspended_at FROM tokens WHERE suspended_at IS NOT NULL`.execute(db)
}
