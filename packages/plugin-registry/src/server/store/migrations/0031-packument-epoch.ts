import {type Kysely, sql} from 'kysely'

/** Adds what the ETag of a packument is computed from. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('epoch')
    .addColumn('value', 'text', (column) => column.primaryKey().notNull())
    .execute()
  // Otherwise, finding the signers of a package reads all of its versions.
  await sql`CREATE INDEX versions_signer ON versions (package_id, signer) WHERE signer IS NOT NULL`.execute(db)
}
