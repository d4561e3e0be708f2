import assert from 'node:assert/strict'
import {closeSync, openSync} from 'node:fs'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {all, first, run, statement} from '../../../../src/server/store/port.js'
import {loadBuiltIn, loadPackaged, type SqliteDriver} from '../../../../src/server/store/sqlite/driver.js'
import {openSqlite} from '../../../../src/server/store/sqlite/index.js'
import {temporaryFolder} from '../../../support/world.js'
import {add, describePort, list, namesIn} from '../port-contract.js'

const findHolder = statement<{holder: string}>('SELECT holder FROM names WHERE name = ?1', {isCacheable: true})
const setHolder = statement('UPDATE names SET holder = ?1')

async function open(t: TestContext, driver: SqliteDriver) {
  const file = path.join(temporaryFolder(t), 'registry.db')
  closeSync(openSync(file, 'a', 0o600))
  const port = await openSqlite({driver, path: file})
  t.after(() => port.close())
  const other = driver.open(file)
  t.after(() => {
    other.close()
  })
  const committed = other.prepare('SELECT 1 FROM names WHERE name = ?')
  return {port, other, isCommitted: (name: string) => committed.get(name) !== undefined}
}

const drivers = [await loadPackaged(), loadBuiltIn()].filter((driver) => driver !== undefined)

for (const driver of drivers) {
  describePort(driver.name, (t) => open(t, driver))

  describe(`reads on ${driver.name}`, () => {
    it(`reads on ${driver.name}: a rule sees one state, even while another process writes`, async (t) => {
      const {port, other} = await open(t, driver)
      const counts = await port.read(function* () {
        const before = yield* all(list())
        other.exec(`INSERT INTO names (name, holder, taken_at) VALUES ('ada', 'user', 1)`)
        return [before.length, (yield* all(list())).length]
      })
      assert.deepEqual(counts, [0, 0])
      assert.deepEqual(await namesIn(port), ['ada'])
    })

    it(`reads on ${driver.name}: cached rows are read again after each commit, of this process or another`, async (t) => {
      const {port, other} = await open(t, driver)
      const holder = () => port.ask(first(findHolder('ada')))
      assert.equal(await holder(), undefined)
      await port.write(() => add('ada'))
      const row = await holder()
      assert.equal(row?.holder, 'user')
      assert.equal(await holder(), row, 'the row is not cached')
      other.exec(`UPDATE names SET holder = 'organization'`)
      assert.equal((await holder())?.holder, 'organization')
      await port.write(function* () {
        yield* run(setHolder('user'))
      })
      assert.equal((await holder())?.holder, 'user')
    })

    it(`reads on ${driver.name}: a rule that writes reads its own changes, and none stay cached if it fails`, async (t) => {
      const {port} = await open(t, driver)
      await port.write(() => add('ada'))
      const holder = () => port.ask(first(findHolder('ada')))
      await holder()
      const failing = port.write(function* () {
        yield* run(setHolder('organization'))
        assert.equal((yield* first(findHolder('ada')))?.holder, 'organization')
        throw new Error('failed on purpose')
      })
      await assert.rejects(failing, /on purpose/)
      assert.equal((await holder())?.holder, 'user')
    })
  })
}
