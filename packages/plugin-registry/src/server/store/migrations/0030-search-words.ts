import {type Kysely, sql} from 'kysely'

import {wordsOf, type WordSource} from '../words.js'

/** The search index gets the words that `words.ts` finds in a package, so the tokenizer has nothing left to do. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`DROP TABLE package_words`.execute(db)
  await sql`CREATE VIRTUAL TABLE package_words USING fts5(
    audience, name, keywords, description, readme,
    content='', contentless_delete=1, prefix='2 3', tokenize='ascii'
  )`.execute(db)
  const ids = await sql<{id: number}>`SELECT package_id AS id FROM dist_tags WHERE tag = 'latest'`.execute(db)
  // One at a time, because the readmes of all packages may not fit into memory.
  for (const {id} of ids.rows) await addWords(db, id)

  // Replaced by `packages_newest`.
  await sql`DROP INDEX packages_age`.execute(db)
  await sql`CREATE UNIQUE INDEX signing_keys_active ON signing_keys (status) WHERE status = 'active'`.execute(db)
}

async function addWords(db: Kysely<unknown>, id: number): Promise<void> {
  const {rows} = await sql<WordSource>`
    SELECT p.name, p.scope, p.visibility, v.keywords, v.description, v.readme FROM packages p
    JOIN dist_tags t ON t.package_id = p.id AND t.tag = 'latest'
    JOIN versions v ON v.package_id = p.id AND v.version = t.version
    WHERE p.id = ${id}`.execute(db)
  for (const row of rows) {
    const {audience, name, keywords, description, readme} = wordsOf(row)
    await sql`
      INSERT INTO package_words (rowid, audience, name, keywords, description, readme)
      VALUES (${id}, ${audience}, ${name}, ${keywords}, ${description}, ${readme})`.execute(db)
  }
}
