import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {hasUnprintable, replaceUnprintable, unprintablePattern} from '../src/index.js'

const pattern = new RegExp(unprintablePattern, 'u')

describe('unprintable characters', () => {
  it('unprintable characters: are those of the pattern, in every text of one code point', () => {
    for (let code = 0; code <= 0x10_ff_ff; code++) {
      const character = String.fromCodePoint(code)
      const expected = pattern.test(character)
      assert.equal(hasUnprintable(character), expected, code.toString(16))
      assert.equal(replaceUnprintable(character, () => '?') === '?' && character !== '?', expected, code.toString(16))
    }
  })

  it('unprintable characters: are replaced everywhere in a text', () => {
    const replaced = replaceUnprintable('a\u202Eb\u200Bc é – \u001B', (each) => `<${each.codePointAt(0)}>`)
    assert.equal(replaced, 'a<8238>b<8203>c é – <27>')
  })
})
