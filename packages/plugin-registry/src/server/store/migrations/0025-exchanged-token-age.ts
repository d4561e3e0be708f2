import type {Kysely} from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('exchanged_tokens_age').on('exchanged_tokens').column('exchanged_at').execute()
}
