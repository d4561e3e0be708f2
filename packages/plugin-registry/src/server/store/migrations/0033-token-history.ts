import {type Kysely, sql} from 'kysely'

/** Whether the last use was refused was the first word of `action` before. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const column of ['refused', 'only_elsewhere']) {
    await db.schema
      .alterTable('credential_uses')
      .addColumn(column, 'integer', (definition) => definition.notNull().defaultTo(0))
      .execute()
  }
  await sql`UPDATE credential_uses SET refused = 1, action = substr(action, 9) WHERE substr(action, 1, 8) = 'refused '`.execute(
    db,
  )
  await db.schema
    .alterTable('tokens')
    .addColumn('made_by_operator', 'integer', (column) => column.notNull().defaultTo(0))
    .execute()
  await sql`UPDATE tokens SET made_by_operator = 1 WHERE id IN (
    SELECT target FROM audit WHERE action = 'token.create' AND actor = '(operator)')`.execute(db)
}
