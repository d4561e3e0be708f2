import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {hashSecret} from '../../../../src/server/auth/credential-values.js'
import {openDataFolder} from '../../../../src/server/operations/data-folder.js'
import {openToServe} from '../../../../src/server/operations/open-registry.js'
import {Connection} from '../../../../src/server/store/sqlite/connection.js'
import {loadSqlite} from '../../../../src/server/store/sqlite/driver.js'
import {migrate} from '../../../../src/server/store/sqlite/migrate.js'
import {before} from '../../../support/before-migration.js'
import {temporaryFolder} from '../../../support/world.js'

describe('migration 0014-token-details', () => {
  it('migration 0014: finds in the audit log who revoked a token, and keeps its last use', async (t) => {
    const folder = temporaryFolder(t)
    const {database} = openDataFolder(folder, {create: true})
    const connection = new Connection(await loadSqlite(), database)
    await before('0009-token-values', () => migrate(connection, database, () => undefined))
    connection.exec(`
      INSERT INTO names VALUES ('ada', 'user', 1);
      INSERT INTO users (id, name, email, password_hash, created_at) VALUES ('u1', 'ada', 'ada@example.com', 'h', 1)`)
    const addToken = connection.prepare(`
      INSERT INTO tokens (id, user_id, label, hash, prefix, scopes, patterns, lifetime, created_at, revoked_at)
      VALUES (?, 'u1', ?1, ?, 'apkgt_', '["read"]', '[]', 'never', 2, ?)`)
    addToken.run('live', hashSecret('live'), null)
    addToken.run('own', hashSecret('own'), 4)
    addToken.run('lost', hashSecret('lost'), 5)
    connection.exec(`
      INSERT INTO credential_uses VALUES ('live', 77);
      INSERT INTO audit (at, action, actor, target, detail) VALUES (4, 'token.revoke', 'ada', 'own', '{}')`)
    connection.close()

    const {store} = await openToServe(folder, assert.ifError)
    t.after(() => store.close())
    const tokens = await store.tokens.list({kind: 'user', id: 'u1'}, {ended: true}, 10)
    assert.deepEqual(
      tokens.map(({id, note, revokedAt, revokedBy, lastUsedAt, lastUse}) => [
        id,
        note,
        revokedAt,
        revokedBy,
        lastUsedAt,
        lastUse,
      ]),
      [
        ['live', null, null, null, 77, null],
        ['lost', null, 5, null, null, null],
        ['own', null, 4, 'ada', null, null],
      ],
    )
  })
})
