import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'
import {setImmediate, setTimeout as sleep} from 'node:timers/promises'

import {all, first, type Port, type Rule, run, statement, together} from '../../../src/server/store/port.js'
import {UniqueViolation} from '../../../src/server/store/store-errors.js'

export const insert = statement(`INSERT INTO names (name, holder, taken_at) VALUES (?1, 'user', 1)`)
export const find = statement<{name: string}>('SELECT name FROM names WHERE name = ?1')
export const list = statement<{name: string}>('SELECT name FROM names ORDER BY name')

export function* add(...names: string[]): Rule<string> {
  for (const name of names) yield* run(insert(name))
  return 'added'
}

export async function namesIn(port: Port): Promise<string[]> {
  return (await port.ask(all(list()))).map(({name}) => name)
}

/** An empty database. */
export interface Opened {
  port: Port
  /** Looks for a committed row of `names` on another connection. */
  isCommitted: (name: string) => boolean | Promise<boolean>
}

/** Every port has to pass these tests. */
export function describePort(title: string, open: (t: TestContext) => Promise<Opened>): void {
  describe(`rules on ${title}`, () => {
    it(`rules on ${title}: no reader sees a row before it is committed`, async (t) => {
      const {port, isCommitted} = await open(t)
      let isWriting = true
      let seen = 0
      const read = async (pause: () => Promise<unknown>) => {
        while (isWriting) {
          for (let user = 0; user < 40 && isWriting; user++) {
            const name = `user-${user}-3`
            if ((await port.ask(first(find(name)))) === undefined) continue
            seen++
            assert.ok(await isCommitted(name), `${name} was visible before its commit`)
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

    it(`rules on ${title}: one that throws is rolled back alone`, async (t) => {
      const {port} = await open(t)
      const failing = port.write(function* (): Rule<string> {
        yield* add('bob', 'carol')
        throw new Error('changed its mind')
      })
      const outcomes = await Promise.allSettled([port.write(() => add('ada')), failing, port.write(() => add('dave'))])
      assert.deepEqual(
        outcomes.map(({status}) => status),
        ['fulfilled', 'rejected', 'fulfilled'],
      )
      assert.deepEqual(await namesIn(port), ['ada', 'dave'])
    })

    it(`rules on ${title}: a taken name rolls back everything, and has a result if one is given`, async (t) => {
      const {port} = await open(t)
      await port.write(() => add('ada'))
      assert.equal(await port.write(() => add('bob', 'ada'), {ifTaken: 'taken'}), 'taken')
      await assert.rejects(
        port.write(() => add('bob', 'ada')),
        UniqueViolation,
      )
      assert.deepEqual(await namesIn(port), ['ada'])
    })

    it(`rules on ${title}: queries that are sent together are answered in order`, async (t) => {
      const {port} = await open(t)
      const answers = await port.write(function* () {
        return yield* together([run(insert('ada')), first(find('ada')), first(find('bob')), all(list())])
      })
      const [changes, ada, bob, everyone] = answers
      assert.deepEqual([changes, ada?.name, bob, everyone.map(({name}) => name)], [1, 'ada', undefined, ['ada']])
    })
  })
}
