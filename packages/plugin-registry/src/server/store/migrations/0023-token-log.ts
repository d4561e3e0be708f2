import {type Kysely, sql} from 'kysely'

/** The log of a token is read by time. Most other reads of the table are rare and begin at its end. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE INDEX audit_target ON audit (target, at) WHERE target IS NOT NULL`.execute(db)
  await sql`CREATE INDEX audit_credential ON audit (credential_id, at) WHERE credential_id IS NOT NULL`.execute(db)
}
