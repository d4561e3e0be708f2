import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {openDataFolder} from '../../../../src/server/operations/data-folder.js'
import {openToServe} from '../../../../src/server/operations/open-registry.js'
import {Connection} from '../../../../src/server/store/sqlite/connection.js'
import {loadSqlite} from '../../../../src/server/store/sqlite/driver.js'
import {migrate} from '../../../../src/server/store/sqlite/migrate.js'
import {operator} from '../../../../src/server/store/store.js'
import {before} from '../../../support/before-migration.js'
import {temporaryFolder} from '../../../support/world.js'

describe('migration 0008-audit-chain', () => {
  it('migration 0008: the first entry of the chain has the number of those before it', async (t) => {
    const folder = temporaryFolder(t)
    const {database} = openDataFolder(folder, {create: true})
    const connection = new Connection(await loadSqlite(), database)
    await before('0008-audit-chain', () => migrate(connection, database, () => undefined))
    connection.exec(`INSERT INTO audit (at, action, detail) VALUES (7, 'user.add', '{}'), (9, 'user.remove', '{}')`)
    connection.close()
    const {store} = await openToServe(folder, assert.ifError)
    t.after(() => store.close())
    const [newest] = await store.audit.latest(1)
    assert.deepEqual([newest?.action, newest?.at, newest?.detail], ['audit.begin', 9, {before: 2}])
    await store.tokens.suspendAll(operator, 10)
    assert.equal(await store.auditChain.seal('me', 11), 2)
    assert.deepEqual(await store.auditChain.verify(undefined), {sealed: 2, unsealed: 0, before: 2, problems: []})
  })

  it('migration 0008: the chain of a new registry begins with its first entry', async (t) => {
    const {store} = await openToServe(temporaryFolder(t), assert.ifError)
    t.after(() => store.close())
    assert.deepEqual(await store.audit.latest(1), [])
    await store.tokens.suspendAll(operator, 10)
    assert.equal(await store.auditChain.seal('me', 11), 1)
    assert.equal((await store.auditChain.head())?.position, 1)
  })
})
