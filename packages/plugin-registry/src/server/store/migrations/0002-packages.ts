import {type Kysely, sql} from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('tokens').addColumn('suspended_at', 'bigint').execute()

  await db.schema
    .createTable('organisations')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull().unique().references('names.name'))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute()

  await db.schema
    .createTable('members')
    .addColumn('organisation_id', 'text', (column) => column.notNull().references('organisations.id'))
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id'))
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('added_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('members_key', ['organisation_id', 'user_id'])
    .execute()
  await db.schema.createIndex('members_user').on('members').column('user_id').execute()

  await db.schema
    .createTable('packages')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('scope', 'text', (column) => column.notNull().references('names.name'))
    .addColumn('visibility', 'text', (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('published_at', 'bigint', (column) => column.notNull())
    .addColumn('deprecated', 'text')
    .execute()
  await db.schema.createIndex('packages_scope').on('packages').column('scope').execute()
  await db.schema.createIndex('packages_age').on('packages').columns(['published_at', 'name']).execute()

  // Long texts come last, so that reading the other columns does not load their pages.
  await db.schema
    .createTable('versions')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('package_id', 'integer', (column) => column.notNull().references('packages.id'))
    .addColumn('version', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('size', 'bigint', (column) => column.notNull())
    .addColumn('unpacked_size', 'bigint', (column) => column.notNull())
    .addColumn('file_count', 'integer', (column) => column.notNull())
    .addColumn('published_at', 'bigint', (column) => column.notNull())
    .addColumn('published_by', 'text', (column) => column.notNull().references('users.id'))
    .addColumn('taken_down_at', 'bigint')
    .addColumn('taken_down_reason', 'text')
    .addColumn('deprecated', 'text')
    .addColumn('license', 'text')
    .addColumn('repository', 'text')
    .addColumn('homepage', 'text')
    .addColumn('origin', 'text')
    .addColumn('targets', 'text')
    .addColumn('keywords', 'text')
    .addColumn('description', 'text')
    .addColumn('dependencies', 'text')
    .addColumn('readme', 'text')
    .addColumn('provenance', 'text')
    .addUniqueConstraint('versions_key', ['package_id', 'version'])
    .execute()
  await db.schema.createIndex('versions_blob').on('versions').column('sha256').execute()

  await db.schema
    .createTable('dist_tags')
    .addColumn('package_id', 'integer', (column) => column.notNull())
    .addColumn('tag', 'text', (column) => column.notNull())
    .addColumn('version', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('dist_tags_key', ['package_id', 'tag'])
    .addForeignKeyConstraint('dist_tags_version', ['package_id', 'version'], 'versions', ['package_id', 'version'])
    .execute()

  // Search matches names with and without the scope.
  await sql`CREATE INDEX packages_bare_name ON packages (substr(name, length(scope) + 3))`.execute(db)

  // The words of each package's `latest`, by the package's id. The text itself is only in `versions`.
  await sql`CREATE VIRTUAL TABLE package_words USING fts5(
    audience, name, keywords, description, readme,
    content='', contentless_delete=1, prefix='2 3', tokenize='unicode61 remove_diacritics 2'
  )`.execute(db)
}
