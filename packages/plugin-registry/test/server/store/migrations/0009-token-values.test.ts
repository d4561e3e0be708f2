import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {hashSecret} from '../../../../src/server/auth/credential-values.js'
import {openDataFolder} from '../../../../src/server/operations/data-folder.js'
import {openToServe} from '../../../../src/server/operations/open-registry.js'
import {Connection} from '../../../../src/server/store/sqlite/connection.js'
import {loadSqlite} from '../../../../src/server/store/sqlite/driver.js'
import {migrate} from '../../../../src/server/store/sqlite/migrate.js'
import {operator} from '../../../../src/server/store/store.js'
import {before} from '../../../support/before-migration.js'
import {temporaryFolder} from '../../../support/world.js'

/** A data directory from before tokens had several values, with a token that was used. */
async function dataBeforeValues(t: TestContext): Promise<string> {
  const folder = temporaryFolder(t)
  const {database} = openDataFolder(folder, {create: true})
  const connection = new Connection(await loadSqlite(), database)
  await before('0009-token-values', () => migrate(connection, database, () => undefined))
  connection.exec(`
    INSERT INTO names VALUES ('ada', 'user', 1);
    INSERT INTO users (id, name, email, password_hash, created_at) VALUES ('u1', 'ada', 'ada@example.com', 'h', 1);
    INSERT INTO credential_uses VALUES ('t1', 1234)`)
  connection
    .prepare(
      `INSERT INTO tokens (id, user_id, label, hash, prefix, scopes, patterns, lifetime, created_at, expires_at)
      VALUES ('t1', 'u1', 'ci', ?, 'apkgt_012345', '["admin"]', '[]', '1d', 2, 86400002)`,
    )
    .run(hashSecret('first'))
  connection.close()
  return folder
}

describe('migration 0009-token-values', () => {
  it('migration 0009: a token keeps its value, its last use and its expiry, and can be rotated', async (t) => {
    const {store} = await openToServe(await dataBeforeValues(t), assert.ifError)
    t.after(() => store.close())
    const [listed] = await store.tokens.list({kind: 'user', id: 'u1'}, {}, 5000)
    assert.deepEqual([listed?.label, listed?.lastUsedAt, listed?.rotatedAt], ['ci', 1234, null])
    const first = await store.credentials.find('token', hashSecret('first'))
    assert.deepEqual([first?.id, first?.lastUsedAt, first?.expiresAt], ['t1', 1234, 86_400_002])
    const value = {id: 'v2', hash: hashSecret('second'), prefix: 'apkgt_abcdef'}
    assert.ok(first?.kind === 'token')
    const request = {id: 't1', value, grace: 1000, validity: undefined}
    const rotation = await store.tokens.rotate(request, first, operator, 5000)
    assert.equal(rotation.outcome === 'rotated' && rotation.token.expiresAt, 86_405_000)
    const second = await store.credentials.find('token', hashSecret('second'))
    assert.equal(
      await store.credentials.recordUse(
        second!,
        {address: '::1', agent: null, action: 'whoami', package: null, refused: false},
        6000,
      ),
      'recorded',
    )
    assert.equal((await store.credentials.find('token', hashSecret('first')))?.expiresAt, 7000)
  })
})
