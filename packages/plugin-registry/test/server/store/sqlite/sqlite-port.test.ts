import assert from 'node:assert/strict'
import {closeSync, openSync} from 'node:fs'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'
import {setImmediate, setTimeout as sleep} from 'node:timers/promises'

import {all, first, type Rule, run, statement, together} from '../../../../src/server/store/port.js'
import {loadBuiltIn, loadPackaged, type SqliteDriver} from '../../../../src/server/store/sqlite/driver.js'
import {openSqlite} from '../../../../src/server/store/sqlite/index.js'
import {UniqueViolation} from '../../../../src/server/store/store-errors.js'
import {temporaryFolder} from '../../../support/world.js'

const insert = statement(`INSERT INTO names (name, holder, taken_at) VALUES (?1, 'user', 1)`)
const find = statement<{name: string}>('SELECT name FROM names WHERE name = ?1')
const list = statement<{name: string}>('SELECT name FROM names ORDER BY name')

async function open(t: TestContext, driver: SqliteDriver) {
  const file = path.join(temporaryFolder(t), 'registry.db')
  closeSync(openSync(file, 'a', 0o600))
  const port = await openSqlite({driver, path: file})
  t.after(() => port.close())
  const other = driver.open(file)
  t.after(() => {
    other.close()
  })
  const names = async () => (await port.ask(all(list()))).map(({name}) => name)
  return {port, names, other}
}

function* add(...names: string[]): Rule<string> {
  for (const name of names) yield* run(insert(name))
  return 'added'
}

const drivers = [await loadPackaged(), loadBuiltIn()].filter((driver) => driver !== undefined)

for (const driver of drivers) {
  describe(`rules on ${driver.name}`, () => {
    it(`rules on ${driver.name}: no reader sees a row before it is committed`, async (t) => {
      const {port, other} = await open(t, driver)
      const isCommitted = other.prepare('SELECT 1 FROM names WHERE name = ?')
      let isWriting = true
      let seen = 0
      const read = async (pause: () => Promise<unknown>) => {
        while (isWriting) {
          for (let user = 0; user < 40; user++) {
            const name = `user-${user}-3`
            if ((await port.ask(first(find(name)))) === undefined) continue
            seen++
            assert.ok(isCommitted.get(name), `${name} was visible before its commit`)
          }
          await pause()
        }
      }
      const readers = [read(() => setImmediate()), read(() => sleep(0)), read(async () => sleep(1))]
      const writes = Array.from({length: 40}, async (_, user) => {
        await sleep(user % 7)
        return port.write(() => add(...[3, 2, 1, 0].map((part) => `user-${user}-${part}`)))
      })
      await Promise.all(writes)
      await setImmediate()
      await sleep(5)
      isWriting = false
      await Promise.all(readers)
      assert.ok(seen > 0)
    })

    it(`rules on ${driver.name}: one that throws is rolled back alone`, async (t) => {
      const {port, names} = await open(t, driver)
      const failing = port.write(function* (): Rule<string> {
        yield* add('bob', 'carol')
        throw new Error('changed its mind')
      })
      const outcomes = await Promise.allSettled([port.write(() => add('ada')), failing, port.write(() => add('dave'))])
      assert.deepEqual(
        outcomes.map(({status}) => status),
        ['fulfilled', 'rejected', 'fulfilled'],
      )
      assert.deepEqual(await names(), ['ada', 'dave'])
    })

    it(`rules on ${driver.name}: a taken name rolls back everything, and has a result if one is given`, async (t) => {
      const {port, names} = await open(t, driver)
      await port.write(() => add('ada'))
      assert.equal(await port.write(() => add('bob', 'ada'), {ifTaken: 'taken'}), 'taken')
      await assert.rejects(
        port.write(() => add('bob', 'ada')),
        UniqueViolation,
      )
      assert.deepEqual(await names(), ['ada'])
    })

    it(`rules on ${driver.name}: queries that are sent together are answered in order`, async (t) => {
      const {port} = await open(t, driver)
      const answers = await port.write(function* () {
        return yield* together([run(insert('ada')), first(find('ada')), first(find('bob')), all(list())])
      })
      const [changes, ada, bob, everyone] = answers
      assert.deepEqual([changes, ada?.name, bob, everyone.map(({name}) => name)], [1, 'ada', undefined, ['ada']])
    })

    it(`rules on ${driver.name}: a read sees one state, even while another process writes`, async (t) => {
      const {port, other, names} = await open(t, driver)
      const counts = await port.read(function* () {
        const before = yield* all(list())
        other.exec(`INSERT INTO names (name, holder, taken_at) VALUES ('ada', 'user', 1)`)
        return [before.length, (yield* all(list())).length]
      })
      assert.deepEqual(counts, [0, 0])
      assert.deepEqual(await names(), ['ada'])
    })
  })
}
