import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {printable, printableJson, printableLines} from '../../src/terminal/printable.js'

describe('printable', () => {
  for (const [what, text, shown] of [
    ['keeps ASCII', 'ci-deploy', 'ci-deploy'],
    ['keeps letters and emoji', 'Zoë 👩🏽‍💻 日本', 'Zoë 👩🏽‍💻 日本'],
    ['keeps right-to-left scripts', 'בנייה', 'בנייה'],
    ['keeps backslashes', String.raw`a\u{1b}`, String.raw`a\u{1b}`],
    ['escapes ESC', 'a\u001B[31mb', 'a\\u{1b}[31mb'],
    ['escapes CSI', 'a\u009B31m', 'a\\u{9b}31m'],
    ['escapes a sequence that sets the title', '\u001B]0;x\u0007', '\\u{1b}]0;x\\u{7}'],
    ['escapes carriage returns', 'a\rb', 'a\\u{d}b'],
    ['escapes tabs', 'a\tb', 'a\\u{9}b'],
    ['escapes BS and DEL', 'a\b\u007F', 'a\\u{8}\\u{7f}'],
    ['escapes NUL', 'a\0', 'a\\u{0}'],
    ['escapes line and paragraph separators', 'a\u2028b\u2029', 'a\\u{2028}b\\u{2029}'],
    ['escapes bidirectional overrides', 'a\u202Eb\u2066', 'a\\u{202e}b\\u{2066}'],
    ['escapes bidirectional marks', 'a\u200Eb\u200Fc\u061C', 'a\\u{200e}b\\u{200f}c\\u{61c}'],
    ['escapes byte order marks', '\uFEFFa', '\\u{feff}a'],
    ['keeps emoji with variation selectors', '⚠️ 1️⃣ ❤️‍🔥', '⚠️ 1️⃣ ❤️‍🔥'],
    ['keeps joiners between letters that need them', 'می\u200Cخواهم क्\u200Dष', 'می\u200Cخواهم क्\u200Dष'],
    ['escapes zero-width characters', 'a\u200Bb\u200C\u200Dc\u2060', 'a\\u{200b}b\\u{200c}\\u{200d}c\\u{2060}'],
    ['escapes soft hyphens', 'a\u00ADb', 'a\\u{ad}b'],
    ['escapes tags', '🏴\u{E0067}\u{E007F}', '🏴\\u{e0067}\\u{e007f}'],
    [
      'escapes variation selectors that hide text',
      '⚠️\uFE0E\uFE00a\uFE0F\u{E0100}',
      '⚠️\\u{fe0e}\\u{fe00}a\\u{fe0f}\\u{e0100}',
    ],
    ['escapes fillers and annotations', '\u3164\u115F\uFFF9', '\\u{3164}\\u{115f}\\u{fff9}'],
    ['escapes lone surrogates', 'a\uD83D', 'a\\u{d83d}'],
  ] as const) {
    it(`printable: ${what}`, () => {
      assert.equal(printable(text), shown)
      assert.equal(printableLines(text), shown)
    })
  }

  it('printable: escapes line breaks, unlike printableLines', () => {
    assert.equal(printable('a\nb'), 'a\\u{a}b')
    assert.equal(printableLines('a\r\nb\n'), 'a\\u{d}\nb\n')
  })
})

describe('printableJson', () => {
  it('printableJson: escapes invisible characters above U+FFFF as surrogate pairs', () => {
    assert.equal(printableJson('a\u{E0041}\u200B'), '"a\\udb40\\udc41\\u200b"\n')
    assert.equal(JSON.parse(printableJson('a\u{E0041}\u200B')), 'a\u{E0041}\u200B')
  })

  it('printableJson: indents, ends with a newline, and escapes everything that a terminal interprets', () => {
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

  for (const text of ['Zoë 👩🏽‍💻 日本', 'בנייה', 'a\\u{1b}', '"quoted" \\ \t\r\b\f', 'a\uD83D']) {
    it(`printableJson: does not change ${JSON.stringify(text)}`, () => {
      assert.equal(printableJson(text), `${JSON.stringify(text)}\n`)
      assert.equal(JSON.parse(printableJson(text)), text)
    })
  }
})
