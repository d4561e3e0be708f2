import {type Kysely, sql} from 'kysely'

/** A search without words lists the newest packages, in this order. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE INDEX packages_newest ON packages (published_at DESC, name)`.execute(db)
}
