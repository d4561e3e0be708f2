import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {formatTokenId, looksLikeTokenId, minIdPrefixLength, tokenIdPattern} from '../src/index.js'

describe('a token ID', () => {
  for (const [what, bytes, id] of [
    ['zeros', Array.from({length: 16}, () => 0), '0000000000000000'],
    ['the bytes from 0 to 15', Array.from({length: 16}, (_, index) => index), '0123456789abcdef'],
    ['the bytes from 16 to 31', Array.from({length: 16}, (_, index) => index + 16), '6hjkmnpqrstvwxyz'],
    ['bytes of 255', Array.from({length: 16}, () => 255), '5zzzzzzzzzzzzzzz'],
    ['more bytes than it needs', Array.from({length: 20}, (_, index) => index + 9), '9abcdefghjkmnpqr'],
  ] as const) {
    it(`token ID: is ${id} for ${what}`, () => {
      assert.equal(formatTokenId(Uint8Array.from(bytes)), id)
      assert.match(id, tokenIdPattern)
      assert.equal(looksLikeTokenId(id), true)
    })
  }

  it('token ID: starts with a digit for every first byte', () => {
    const firsts = Array.from({length: 256}, (_, byte) => formatTokenId(new Uint8Array(16).fill(byte)).charAt(0))
    assert.equal([...new Set(firsts)].sort().join(''), '0123456789')
  })

  it('token ID: can be shortened to four characters', () => {
    assert.equal(minIdPrefixLength, 4)
  })
})

describe('looksLikeTokenId', () => {
  for (const [text, expected] of [
    ['01h455vb4pex5vsk', true],
    ['7zzzzzzzzzzzzzzz', true],
    ['3F2504E0-4F89-11D3-9A0C-0305E82C3301', true],
    ['3f2504e0-4f89-11d3-9a0c-0305e82c3301', true],
    ['01h455vb4pex5vs', false],
    ['01h455vb4pex5vskz', false],
    ['a1h455vb4pex5vsk', false],
    ['01H455VB4PEX5VSK', false],
    ['01i455vb4pex5vsk', false],
    ['01l455vb4pex5vsk', false],
    ['01o455vb4pex5vsk', false],
    ['01u455vb4pex5vsk', false],
    ['01h455vb4pex5vsk\n', false],
    ['3f2504e04f8911d39a0c0305e82c3301', false],
    ['3f2504e0-4f89-11d3-9a0c-0305e82c330g', false],
    ['{3f2504e0-4f89-11d3-9a0c-0305e82c3301}', false],
    ['', false],
    ['ci', false],
    ['__proto__', false],
  ] as const) {
    it(`looksLikeTokenId: ${expected ? 'accepts' : 'rejects'} ${JSON.stringify(text)}`, () => {
      assert.equal(looksLikeTokenId(text), expected)
    })
  }
})
