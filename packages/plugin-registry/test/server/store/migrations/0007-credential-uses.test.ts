import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {hashSecret} from '../../../../src/server/auth/credential-values.js'
import {openDataFolder} from '../../../../src/server/operations/data-folder.js'
import {openToServe} from '../../../../src/server/operations/open-registry.js'
import {defaultSessionLifetimes} from '../../../../src/server/store/session-lifetimes.js'
import {Connection} from '../../../../src/server/store/sqlite/connection.js'
import {loadSqlite} from '../../../../src/server/store/sqlite/driver.js'
import {migrate} from '../../../../src/server/store/sqlite/migrate.js'
import {operator} from '../../../../src/server/store/store.js'
import {before} from '../../../support/before-migration.js'
import {temporaryFolder} from '../../../support/world.js'

/** A data directory from before the uses of credentials had their own table. */
async function dataBeforeUses(t: TestContext): Promise<string> {
  const folder = temporaryFolder(t)
  const {database} = openDataFolder(folder, {create: true})
  const connection = new Connection(await loadSqlite(), database)
  await before('0007-credential-uses', () => migrate(connection, database, () => undefined))
  connection.exec(`
    INSERT INTO names VALUES ('ada', 'user', 1);
    INSERT INTO users (id, name, email, password_hash, created_at) VALUES ('u1', 'ada', 'ada@example.com', 'h', 1)`)
  const addToken = connection.prepare(`
    INSERT INTO tokens (id, user_id, label, hash, prefix, scopes, patterns, lifetime, created_at, last_used_at)
    VALUES (?, 'u1', ?, ?, 'apkgt_', '["read"]', '[]', 'never', 2, ?)`)
  addToken.run('t1', 'used', hashSecret('used'), 1234)
  addToken.run('t2', 'unused', hashSecret('unused'), null)
  const addSession = connection.prepare(`
    INSERT INTO sessions (id, family, user_id, access_hash, refresh_hash, started_at, expires_at, refresh_expires_at,
      used_at, replaced_by, replaced_at)
    VALUES (?, ?, 'u1', ?, ?, 2, 900000, 900000, ?, ?, ?)`)
  for (const [successor, usedAt] of [
    ['s2', 60],
    ['s4', null],
  ] as const) {
    addSession.run(
      `before ${successor}`,
      successor,
      hashSecret(`a ${successor}`),
      hashSecret(successor),
      3,
      successor,
      50,
    )
    addSession.run(successor, successor, hashSecret(`b ${successor}`), hashSecret(`c ${successor}`), usedAt, null, null)
  }
  connection.close()
  return folder
}

describe('migration 0007-credential-uses', () => {
  it('migration 0007: keeps the last use of tokens', async (t) => {
    const {store} = await openToServe(await dataBeforeUses(t), assert.ifError)
    t.after(() => store.close())
    const tokens = await store.tokens.list({kind: 'user', id: 'u1'}, {}, 10)
    assert.deepEqual(
      tokens.map(({label, lastUsedAt}) => [label, lastUsedAt]),
      [
        ['used', 1234],
        ['unused', null],
      ],
    )
    assert.equal((await store.credentials.find('token', hashSecret('used')))?.lastUsedAt, 1234)
  })

  it('migration 0007: a refresh token can be used again only if its successor was unused', async (t) => {
    const {store} = await openToServe(await dataBeforeUses(t), assert.ifError)
    t.after(() => store.close())
    const rotate = async (refreshToken: string) => {
      const session = {id: `new ${refreshToken}`, accessHash: hashSecret('x'), refreshHash: hashSecret('y')}
      const rotation = {refreshHash: hashSecret(refreshToken), session, lifetimes: defaultSessionLifetimes}
      return (await store.sessions.rotate(rotation, operator, 100)).outcome
    }
    assert.equal(await rotate('s2'), 'reused')
    assert.equal(await rotate('s4'), 'rotated')
  })
})
