import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {printable, printableJson, printableLines} from '../../src/terminal/printable.js'

describe('a text from elsewhere', () => {
  for (const [what, text, shown] of [
    ['plain text', 'ci-deploy', 'ci-deploy'],
    ['letters and emoji', 'Zoë 👩🏽‍💻 日本', 'Zoë 👩🏽‍💻 日本'],
    ['letters from right to left', 'בנייה', 'בנייה'],
    ['a backslash', String.raw`a\u{1b}`, String.raw`a\u{1b}`],
    ['an escape', 'a\u001B[31mb', 'a\\u{1b}[31mb'],
    ['the C1 introducer', 'a\u009B31m', 'a\\u{9b}31m'],
    ['a title change', '\u001B]0;x\u0007', '\\u{1b}]0;x\\u{7}'],
    ['a return', 'a\rb', 'a\\u{d}b'],
    ['a tab', 'a\tb', 'a\\u{9}b'],
    ['a backspace and a delete', 'a\b\u007F', 'a\\u{8}\\u{7f}'],
    ['a null', 'a\0', 'a\\u{0}'],
    ['line and paragraph separators', 'a\u2028b\u2029', 'a\\u{2028}b\\u{2029}'],
    ['an override of the reading direction', 'a\u202Eb\u2066', 'a\\u{202e}b\\u{2066}'],
    ['marks of the reading direction', 'a\u200Eb\u200Fc\u061C', 'a\\u{200e}b\\u{200f}c\\u{61c}'],
    ['a byte order mark', '\uFEFFa', '\\u{feff}a'],
    ['half a character', 'a\uD83D', 'a\\u{d83d}'],
  ] as const) {
    it(`shows ${what}`, () => {
      assert.equal(printable(text), shown)
      assert.equal(printableLines(text), shown)
    })
  }

  it('keeps to its line, or keeps its lines where it may have them', () => {
    assert.equal(printable('a\nb'), 'a\\u{a}b')
    assert.equal(printableLines('a\r\nb\n'), 'a\\u{d}\nb\n')
  })
})

describe('an object as JSON for a terminal', () => {
  it('is indented, ends its line, and escapes every character that a terminal would obey', () => {
    const value = {name: 'a\u001B[2J\u009B\u007F\u2028\u202E\u200F\u061C\uFEFFb', 'k\u202Ey': ['\n', null, 1]}
    const text = printableJson(value)
    assert.equal(
      text,
      `{
  "name": "a\\u001b[2J\\u009b\\u007f\\u2028\\u202e\\u200f\\u061c\\ufeffb",
  "k\\u202ey": [
    "\\n",
    null,
    1
  ]
}
`,
    )
    assert.deepEqual(JSON.parse(text), value)
  })

  for (const text of ['Zoë 👩🏽‍💻 日本', 'בנייה', 'a\\u{1b}', '"quoted" \\ \t\r\b\f', 'a\uD83D', '\u{E0001}']) {
    it(`says the same: ${JSON.stringify(text)}`, () => {
      assert.equal(printableJson(text), `${JSON.stringify(text)}\n`)
      assert.equal(JSON.parse(printableJson(text)), text)
    })
  }
})
