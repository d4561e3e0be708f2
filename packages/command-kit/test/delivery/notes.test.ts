import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {deliveryNote} from '../../src/delivery/notes.js'

describe('the notes about a delivered token', () => {
  it('delivery: says where a token is that was not printed, with control characters escaped', () => {
    assert.equal(deliveryNote({file: '/tmp/a\u001Bb'}), 'Wrote the token to /tmp/a\\u{1b}b.')
    assert.equal(deliveryNote({delivered: {command: 'gh\n', exitCode: 0}}), 'Passed the token to `gh\\u{a}`.')
  })
})
