import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {candidateLines} from '../../../src/views/machine/candidates.js'

describe('candidateLines', () => {
  it('candidate lines: one word per line with a short description, and a line without a word for files', () => {
    const candidates = [
      {value: 'one', description: 'what\nit means'},
      {value: 'two', description: 'x'.repeat(100)},
    ]
    assert.equal(candidateLines({candidates, files: false}), `one\twhat\\u{a}it means\ntwo\t${'x'.repeat(79)}…`)
    assert.equal(candidateLines({candidates: [], files: true}), '\tfiles')
    assert.equal(candidateLines({candidates: [], files: false}), '')
  })
})
