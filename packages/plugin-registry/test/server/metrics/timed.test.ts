import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {timed, timedParts} from '../../../src/server/metrics/index.js'
import {createWorld} from '../../support/world.js'

function recording() {
  const [observed, failed]: [[string, number][], string[]] = [[], []]
  const durations = {
    observe: (operation: string, seconds: number) => void observed.push([operation, seconds]),
    fail: (operation: string) => void failed.push(operation),
  }
  return {observed, failed, durations}
}

describe('measured methods', () => {
  it('timed: a method that fails is counted, and its error is passed on', async () => {
    const {observed, failed, durations} = recording()
    const methods = {
      async read(text: string) {
        return text
      },
      async write() {
        throw new Error('disk full')
      },
    }
    const measured = timed(methods, durations, (method) => method)
    assert.equal(await measured.read('a'), 'a')
    await assert.rejects(measured.write(), /^Error: disk full$/)
    assert.deepEqual(
      observed.map(([operation]) => operation),
      ['read', 'write'],
    )
    assert.ok(observed.every(([, seconds]) => seconds >= 0))
    assert.deepEqual(failed, ['write'])
  })

  it('timed: a method that returns an iterator is not measured', async () => {
    const {observed, durations} = recording()
    const measured = timed(
      {
        async *list() {
          yield 1
        },
      },
      durations,
      (method) => method,
    )
    const found = []
    for await (const each of measured.list()) found.push(each)
    assert.deepEqual([found, observed], [[1], []])
  })

  it('timed: each part of a store is measured, and works as before', async (t) => {
    const world = await createWorld(t)
    const {store} = world
    await world.addUser('ada')
    const {observed, durations} = recording()
    const measured = timedParts(store, durations)
    assert.deepEqual(await measured.users.find('ada'), await store.users.find('ada'))
    assert.equal(await measured.packages.find('@ada/tool'), undefined)
    assert.deepEqual(
      observed.map(([part]) => part),
      ['users', 'packages'],
    )
    assert.deepEqual(Object.keys(measured), Object.keys(store))
  })

  it('timed: a method of a class keeps its private fields', async () => {
    class Counter {
      #count = 0
      async next() {
        return ++this.#count
      }
    }
    const {observed, durations} = recording()
    const measured = timed(new Counter(), durations, (method) => method)
    assert.deepEqual([await measured.next(), await measured.next(), observed.length], [1, 2, 2])
  })
})
