import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import {describe, it} from 'node:test'

import {formatIntegrity, parseIntegrity} from '../src/index.js'

describe('an integrity', () => {
  const sha256 = createHash('sha256').update('hello world').digest()
  const text = 'sha256-uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek='

  it('integrity: is the base64 of a SHA-256', () => {
    assert.equal(formatIntegrity(sha256), text)
    assert.equal(parseIntegrity(text), sha256.toString('hex'))
  })

  for (const invalid of [
    '',
    text.slice(0, -1),
    `${text} ${text}`,
    `${text}\n`,
    text.replace('256', '512'),
    text.replace('ek=', 'el='),
  ]) {
    it(`integrity: cannot be ${JSON.stringify(invalid)}`, () => assert.equal(parseIntegrity(invalid), undefined))
  }
})
