import {type Kysely, sql} from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('organisations').renameTo('organizations').execute()
  await db.schema.alterTable('members').renameColumn('organisation_id', 'organization_id').execute()
  await sql`UPDATE names SET holder = 'organization' WHERE holder = 'organisation'`.execute(db)
}
