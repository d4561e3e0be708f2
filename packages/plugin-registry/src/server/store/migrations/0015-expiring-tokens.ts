import {type Kysely, sql} from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE INDEX tokens_expiring ON tokens (user_id, expires_at)
    WHERE revoked_at IS NULL AND expires_at IS NOT NULL`.execute(db)
}
