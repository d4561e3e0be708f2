import {type Kysely, sql} from 'kysely'

/** Downloads by day, and the dependencies of every `latest` by the package that they name. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE downloads (
    package_id integer NOT NULL REFERENCES packages (id),
    day integer NOT NULL,
    count integer NOT NULL,
    PRIMARY KEY (package_id, day)
  ) WITHOUT ROWID`.execute(db)
  await sql`CREATE INDEX downloads_age ON downloads (day)`.execute(db)

  await sql`CREATE TABLE most_installed (
    package_id integer PRIMARY KEY REFERENCES packages (id),
    downloads integer NOT NULL
  )`.execute(db)
  await sql`CREATE INDEX most_installed_order ON most_installed (downloads DESC)`.execute(db)

  await sql`CREATE TABLE dependents (
    dependency text NOT NULL,
    name text NOT NULL,
    package_id integer NOT NULL REFERENCES packages (id),
    version_range text NOT NULL,
    PRIMARY KEY (dependency, name)
  ) WITHOUT ROWID`.execute(db)
  await sql`CREATE INDEX dependents_package ON dependents (package_id)`.execute(db)
  await sql`
    INSERT INTO dependents (dependency, name, package_id, version_range)
    SELECT d.key, p.name, p.id, d.value
    FROM dist_tags t JOIN packages p ON p.id = t.package_id
      JOIN versions v ON v.package_id = p.id AND v.version = t.version
      JOIN json_each(v.dependencies) d
    WHERE t.tag = 'latest' AND v.dependencies IS NOT NULL`.execute(db)
}
