import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {hashSecret} from '../../../../src/server/auth/credential-values.js'
import {openDataFolder} from '../../../../src/server/operations/data-folder.js'
import {openToServe} from '../../../../src/server/operations/open-registry.js'
import {Connection} from '../../../../src/server/store/sqlite/connection.js'
import {loadSqlite} from '../../../../src/server/store/sqlite/driver.js'
import {migrate} from '../../../../src/server/store/sqlite/migrate.js'
import {operator} from '../../../../src/server/store/store.js'
import {before} from '../../../support/before-migration.js'
import {temporaryFolder} from '../../../support/world.js'

describe('migration 0020-token-suspensions', () => {
  it('migration 0020: tokens that a restore suspended stay suspended until the operator resumes them', async (t) => {
    const folder = temporaryFolder(t)
    const {database} = openDataFolder(folder, {create: true})
    const connection = new Connection(await loadSqlite(), database)
    await before('0009-token-values', () => migrate(connection, database, () => undefined))
    connection.exec(`
      INSERT INTO names VALUES ('ada', 'user', 1);
      INSERT INTO users (id, name, email, password_hash, created_at) VALUES ('u1', 'ada', 'ada@example.com', 'h', 1)`)
    const addToken = connection.prepare(`
      INSERT INTO tokens (id, user_id, label, hash, prefix, scopes, patterns, lifetime, created_at, suspended_at)
      VALUES (?, 'u1', ?1, ?, 'apkgt_', '["read"]', '[]', 'never', 2, ?)`)
    addToken.run('live', hashSecret('live'), null)
    addToken.run('suspended', hashSecret('suspended'), 7)
    connection.close()

    const {store} = await openToServe(folder, assert.ifError)
    t.after(() => store.close())
    const suspensionsOf = async (value: string) => {
      const credential = await store.credentials.find('token', hashSecret(value))
      return credential?.kind === 'token' && credential.suspensions
    }
    assert.deepEqual(await suspensionsOf('live'), [])
    assert.deepEqual(await suspensionsOf('suspended'), [{by: 'restore', name: '(operator)', at: 7, reason: null}])
    const resume = (makers: ['owner'] | ['restore']) => store.tokens.resume({id: 'suspended'}, {makers}, operator, 8)
    assert.equal((await resume(['owner'])).outcome, 'not-yours')
    assert.equal((await resume(['restore'])).outcome, 'resumed')
    assert.deepEqual(await suspensionsOf('suspended'), [])
  })
})
