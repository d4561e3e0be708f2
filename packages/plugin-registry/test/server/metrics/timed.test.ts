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
        list: async function* () {
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

  it('timed: a measured store has every method of the store', async (t) => {
    const {store} = await createWorld(t)
    const measured = timedParts(store, recording().durations)
    const methodsOf = (parts: object) =>
      Object.entries(parts).flatMap(([part, methods]) =>
        typeof methods === 'object' ? Object.keys(methods).map((name) => `${part}.${name}`) : [part],
      )
    assert.deepEqual(methodsOf(measured), methodsOf(store))
    assert.ok(methodsOf(measured).includes('credentials.find'))
    for (const part of Object.values(store)) {
      // The methods of a class would not be copied.
      if (typeof part === 'object') assert.equal(Object.getPrototypeOf(part), Object.prototype)
    }
  })
})
