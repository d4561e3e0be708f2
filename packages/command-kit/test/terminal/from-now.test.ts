import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {fromNow} from '../../src/terminal/from-now.js'

const now = new Date('2027-01-01T00:00:00Z')

describe('the distance of a time from now', () => {
  for (const [time, text] of [
    ['2027-01-01T00:00:10Z', 'now'],
    ['2027-01-01T00:01:00Z', 'in 1 minute'],
    ['2027-01-01T01:00:00Z', 'in 60 minutes'],
    ['2027-01-01T12:00:00Z', 'in 12 hours'],
    ['2027-01-03T23:59:00Z', 'in 3 days'],
    ['2027-03-01T00:00:00Z', 'in 59 days'],
    ['2028-01-01T00:00:00Z', 'in 12 months'],
    ['2030-01-01T00:00:00Z', 'in 3 years'],
    ['2026-12-31T23:58:00Z', '2 minutes ago'],
    ['2026-12-25T00:00:00Z', '7 days ago'],
    ['soon', 'soon'],
  ] as const) {
    it(`from now: ${time} is ${text}`, () => {
      assert.equal(fromNow(time, now), text)
    })
  }
})
