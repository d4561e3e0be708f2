import type {Kysely} from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('sessions').addColumn('login_address', 'text').execute()
  await db.schema.alterTable('sessions').addColumn('login_agent', 'text').execute()
}
