import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {findHiddenCharacters} from '../../src/conversion.js'

describe('findHiddenCharacters', () => {
  for (const [what, text, found] of [
    ['ordinary text', '# Title\n\n\tTwo lines, naïve 日本\r\n', []],
    ['emoji', 'Note ⚠️ 👩🏽‍💻 1️⃣ ❤️‍🔥\n', []],
    ['letters that need joiners', 'می\u200Cخواهم क्\u200Dष', []],
    ['a byte order mark at the start', '\uFEFF# Title', []],
    ['a byte order mark elsewhere', 'a\n\uFEFFb', ['2:1 U+FEFF']],
    ['a carriage return within a line', 'a\rb', ['1:2 U+000D']],
    ['a zero-width space', 'a\n日本b\u200Bc', ['2:4 U+200B']],
    ['a soft hyphen after an emoji', '🚀\u00AD', ['1:2 U+00AD']],
    ['tags', 'Hi\u{E0048}\u{E0049}', ['1:3 U+E0048', '1:4 U+E0049']],
    ['tags after a black flag', '🏴\u{E0067}', ['1:2 U+E0067']],
    ['variation selectors in a row', '😀\uFE0F\uFE0E\u{E0100}', ['1:3 U+FE0E', '1:4 U+E0100']],
    ['a joiner between letters', 'pass\u200Dword', ['1:5 U+200D']],
    ['bidirectional overrides', 'a\u202Eb\n\n\u2066c\u2069', ['1:2 U+202E', '3:1 U+2066', '3:3 U+2069']],
    ['control characters', 'a\u001B[2J\u0000', ['1:2 U+001B', '1:6 U+0000']],
    ['a line separator', 'a\u2028b', ['1:2 U+2028']],
    ['a filler', '\u3164', ['1:1 U+3164']],
  ] as const) {
    it(`hidden characters: ${what} ${found.length > 0 ? `has ${found.join(', ')}` : 'has none'}`, () => {
      assert.deepEqual(
        findHiddenCharacters(text).map(({line, column, code}) => `${line}:${column} ${code}`),
        found,
      )
    })
  }

  it('hidden characters: a large text is searched in linear time, and the number of results is limited', () => {
    const start = performance.now()
    assert.equal(findHiddenCharacters('a\n'.repeat(500_000)).length, 0)
    assert.equal(findHiddenCharacters('\u200D'.repeat(1_000_000)).length, 100)
    assert.equal(findHiddenCharacters(`${'a'.repeat(1_000_000)}${'\u200B'.repeat(50)}`).length, 50)
    assert.ok(performance.now() - start < 5000)
  })
})
