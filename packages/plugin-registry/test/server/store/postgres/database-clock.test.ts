import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {DatabaseClock} from '../../../../src/server/store/postgres/database-clock.js'

/** A clock on a machine whose clocks move only when a test advances them. */
function onMachine() {
  const clocks = {monotonic: 1000, wall: 1_000_000}
  const clock = new DatabaseClock({monotonic: () => clocks.monotonic, wall: () => clocks.wall})
  const pass = (milliseconds: number) => {
    clocks.monotonic += milliseconds
    clocks.wall += milliseconds
  }
  /** @param time what the database returns. @param trip how long that takes */
  const learn = (time: number, trip = 0) => {
    const answer = clock.ask()
    pass(trip)
    answer(time)
  }
  return {clocks, clock, pass, learn}
}

describe('the clock of a database', () => {
  it('clock: follows the database, however wrong that of the machine is', () => {
    const {clock, pass, learn} = onMachine()
    assert.equal(clock.uncertainty, Infinity)
    learn(5_000_000, 20)
    assert.deepEqual([clock.now(), clock.uncertainty], [5_000_010, 10])
    pass(500)
    assert.equal(clock.now(), 5_000_510)
    assert.equal(clock.isDue, false)
    pass(500)
    assert.equal(clock.isDue, true)
  })

  it('clock: a slow response does not replace an exact one, unless they contradict each other', () => {
    const {clock, pass, learn} = onMachine()
    learn(5_000_000, 2)
    pass(1000)
    learn(5_001_500, 800)
    assert.equal(clock.now(), 5_001_801)
    learn(6_000_000, 800)
    assert.equal(clock.now(), 6_000_400)
  })

  it('clock: is uncertain after a long time without a response, and after the machine was suspended', () => {
    const {clocks, clock, pass, learn} = onMachine()
    learn(5_000_000, 2)
    pass(3 * 60 * 60_000)
    assert.ok(clock.uncertainty > 5000)
    learn(16_000_000, 2)
    assert.ok(clock.uncertainty < 5)
    clocks.wall += 60_000
    assert.ok(clock.uncertainty > 50_000)
    assert.equal(clock.isDue, true)
    learn(16_060_000, 2)
    assert.deepEqual([clock.now(), clock.isDue], [16_060_001, false])
  })
})
