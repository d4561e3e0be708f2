import type {Kysely} from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const column of ['uses', 'uses_left']) {
    await db.schema.alterTable('tokens').addColumn(column, 'integer').execute()
  }
}
