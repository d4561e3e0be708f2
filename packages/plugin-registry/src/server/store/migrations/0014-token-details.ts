import {type Kysely, sql} from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('tokens').addColumn('note', 'text').execute()
  await db.schema.alterTable('tokens').addColumn('revoked_by', 'text').execute()
  await sql`
    UPDATE tokens SET revoked_by = (
      SELECT actor FROM audit WHERE action = 'token.revoke' AND target = tokens.id ORDER BY id LIMIT 1)
    WHERE revoked_at IS NOT NULL`.execute(db)

  for (const column of ['address', 'agent', 'action', 'package']) {
    await db.schema.alterTable('credential_uses').addColumn(column, 'text').execute()
  }
}
