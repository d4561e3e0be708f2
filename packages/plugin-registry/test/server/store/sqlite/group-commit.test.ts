import assert from 'node:assert/strict'
import {closeSync, openSync} from 'node:fs'
import path from 'node:path'
import {it} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'

import {loadBuiltIn, loadPackaged} from '../../../../src/server/store/sqlite/driver.js'
import {openSqliteStore} from '../../../../src/server/operations/open-sqlite-store.js'
import {operator} from '../../../../src/server/store/store.js'
import {temporaryFolder} from '../../../support/world.js'

const drivers = [await loadPackaged(), loadBuiltIn()].filter((driver) => driver !== undefined)

for (const driver of drivers) {
  it(`busy database: reads continue while another process writes, and writes wait (${driver.name})`, async (t) => {
    const file = path.join(temporaryFolder(t), 'registry.db')
    closeSync(openSync(file, 'a', 0o600))
    const store = await openSqliteStore({driver, path: file, key: new Uint8Array(32)})
    t.after(() => store.close())
    const other = driver.open(file)
    t.after(() => {
      other.close()
    })
    other.exec('BEGIN IMMEDIATE')
    let settled = false
    const user = {id: 'u1', name: 'ada', email: 'ada@example.com', passwordHash: 'h'}
    const writing = store.users.add(user, operator, 1).finally(() => {
      settled = true
    })
    let turns = 0
    for (; turns < 5; turns++) {
      await sleep(20)
      assert.deepEqual(await store.users.list(), [])
    }
    assert.equal(settled, false)
    other.exec('COMMIT')
    assert.equal(await writing, 'added')
    assert.equal((await store.users.list()).length, 1)
  })
}
