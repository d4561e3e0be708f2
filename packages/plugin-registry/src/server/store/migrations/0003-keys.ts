import type {Kysely} from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('author_keys')
    .addColumn('key_id', 'text', (column) => column.primaryKey())
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id'))
    .addColumn('public_key', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('revoked_at', 'bigint')
    .addColumn('reason', 'text')
    .addColumn('message', 'text')
    .addColumn('rotated_to', 'text', (column) => column.references('author_keys.key_id'))
    .addColumn('attestation', 'text')
    .execute()
  await db.schema.createIndex('author_keys_user').on('author_keys').column('user_id').execute()

  await db.schema
    .createTable('signing_keys')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('key_id', 'text', (column) => column.notNull().unique())
    .addColumn('public_key', 'text', (column) => column.notNull())
    .addColumn('sealed_seed', 'blob', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('rotated_from', 'text')
    .addColumn('rotation_signature', 'text')
    .execute()

  await db.schema.alterTable('versions').addColumn('signer', 'text').execute()
  await db.schema.alterTable('versions').addColumn('signature', 'text').execute()

  await db.schema
    .createTable('version_signatures')
    .addColumn('version_id', 'integer', (column) => column.notNull().references('versions.id'))
    .addColumn('signing_key', 'integer', (column) => column.notNull().references('signing_keys.id'))
    .addColumn('over_integrity', 'text', (column) => column.notNull())
    .addColumn('attestation', 'text')
    .addPrimaryKeyConstraint('version_signatures_key', ['version_id', 'signing_key'])
    .execute()
}
