import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {openDataFolder} from '../../../../src/server/operations/data-folder.js'
import {openToServe} from '../../../../src/server/operations/open-registry.js'
import {Connection} from '../../../../src/server/store/sqlite/connection.js'
import {loadSqlite} from '../../../../src/server/store/sqlite/driver.js'
import {migrate} from '../../../../src/server/store/sqlite/migrate.js'
import {before} from '../../../support/before-migration.js'
import {temporaryFolder} from '../../../support/world.js'

describe('migration 0030-search-words', () => {
  it('migration 0030: packages of an older registry are found', async (t) => {
    const folder = temporaryFolder(t)
    const {database} = openDataFolder(folder, {create: true})
    const connection = new Connection(await loadSqlite(), database)
    await before('0028', () => migrate(connection, database, () => undefined))
    connection.exec(`
      INSERT INTO names (name, holder, taken_at) VALUES ('ada', 'user', 1);
      INSERT INTO users (id, name, email, password_hash, created_at) VALUES ('u1', 'ada', 'ada@example.com', 'h', 1);
      INSERT INTO packages (id, name, scope, visibility, revision, created_at, updated_at, published_at)
        VALUES (7, '@ada/tool', 'ada', 'public', 1, 1, 1, 1), (8, '@ada/secret', 'ada', 'private', 1, 1, 1, 1);
      INSERT INTO versions (package_id, version, type, sha256, size, unpacked_size, file_count, published_at, published_by,
        keywords, description, readme)
        VALUES (7, '1.0.0', 'skill', '${'a'.repeat(64)}', 1, 1, 1, 1, 'u1', '["lint"]', 'Réviews code', NULL),
          (8, '1.0.0', 'skill', '${'b'.repeat(64)}', 1, 1, 1, 1, 'u1', NULL, 'Reviews secrets', NULL);
      INSERT INTO dist_tags VALUES (7, 'latest', '1.0.0'), (8, 'latest', '1.0.0')`)
    connection.close()

    const {store} = await openToServe(folder, assert.ifError)
    t.after(() => store.close())
    const search = async (text: string, userId?: string) => {
      const reader = userId === undefined ? undefined : {userId, patterns: []}
      const {hits} = await store.packages.search({text, limit: 10, offset: 0}, reader)
      return hits.map(({name}) => name)
    }
    for (const text of ['reviews', 'lint', 'tool', 'réviews co']) assert.deepEqual(await search(text), ['@ada/tool'])
    assert.deepEqual(await search('reviews', 'u1'), ['@ada/secret', '@ada/tool'])
  })
})
