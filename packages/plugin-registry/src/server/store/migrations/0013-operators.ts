import type {Kysely} from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('users').addColumn('operator_since', 'bigint').execute()
}
