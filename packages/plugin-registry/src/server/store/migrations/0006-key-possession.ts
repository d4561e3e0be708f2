import type {Kysely} from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('author_keys').addColumn('proven_at', 'bigint').execute()
}
