import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {labelProblem, maxLabelLength} from '../src/index.js'

const control = 'must not contain control or invisible characters'
const space = 'must not start or end with whitespace'

describe('a label', () => {
  for (const [what, label] of [
    ['be a word', 'ci'],
    ['be a host and a date', 'anna@build-7-20270131'],
    ['be one character', 'x'],
    ['contain spaces', 'release of the docs'],
    ['be an emoji', '🚀'],
    ['be an emoji of several code points', '👩🏽‍💻'],
    ['be a flag', '🇨🇭'],
    ['be an emoji with a variation selector', '⚠️ prod'],
    ['be a word that needs a zero-width non-joiner', 'می\u200Cخواهم'],
    ['have 100 letters', 'a'.repeat(maxLabelLength)],
    ['have 100 emoji of two UTF-16 units each', '🚀'.repeat(maxLabelLength)],
    ['be in a right-to-left script', 'בנייה'],
    ['be `__proto__`', '__proto__'],
    ['be the name of a method', 'hasOwnProperty'],
    ['contain quotes and markup', `<b>"it's"</b>; DROP TABLE tokens`],
    ['be the name of the program', 'apkg'],
    ['be a path', '../../x'],
    ['be four digits', '0123'],
    ['contain a dash', '5-d'],
  ] as const) {
    it(`label: can ${what}`, () => {
      assert.equal(labelProblem(label), undefined)
    })
  }

  for (const [what, label, problem] of [
    ['be empty', '', 'must not be empty'],
    ['be only whitespace', ' ', space],
    ['start with a space', ' ci', space],
    ['end with a line break', 'ci\n', space],
    ['end with a no-break space', 'ci\u00A0', space],
    ['have 101 letters', 'a'.repeat(maxLabelLength + 1), 'must be at most 100 characters long'],
    ['have 101 emoji', '🚀'.repeat(maxLabelLength + 1), 'must be at most 100 characters long'],
    ['contain a line break', 'a\nb', control],
    ['contain a carriage return', 'a\rb', control],
    ['contain a tab', 'a\tb', control],
    ['contain NUL', 'a\u0000b', control],
    ['contain an escape sequence', 'a\u001B[31mb', control],
    ['contain DEL', 'a\u007Fb', control],
    ['contain a C1 control', 'a\u009Bb', control],
    ['contain a line separator', 'a\u2028b', control],
    ['contain a paragraph separator', 'a\u2029b', control],
    ['contain a bidirectional override', 'a\u202Eb', control],
    ['contain a bidirectional embedding', 'a\u202Ab', control],
    ['contain a bidirectional isolate', 'a\u2066b', control],
    ['contain a left-to-right mark', 'a\u200Eb', control],
    ['contain a right-to-left mark', 'a\u200Fb', control],
    ['contain an Arabic letter mark', 'a\u061Cb', control],
    ['contain a byte order mark', 'a\uFEFFb', control],
    ['contain a zero-width space', 'a\u200Bb', control],
    ['contain a zero-width joiner between letters', 'a\u200Db', control],
    ['contain a zero-width non-joiner', 'a\u200Cb', control],
    ['contain a word joiner', 'a\u2060b', control],
    ['contain a soft hyphen', 'a\u00ADb', control],
    ['contain a tag character', 'a\u{E0041}b', control],
    ['contain a variation selector after a letter', 'a\uFE0Fb', control],
    ['contain a second variation selector', '⚠️\uFE0E', control],
    ['contain a supplementary variation selector', '🚀\u{E0100}', control],
    ['contain a Hangul filler', 'a\u3164b', control],
    ['contain a lone surrogate', 'a\uD83Db', control],
    ['be a token value', 'apkgt_0123456789ABCDEFGHIJKLMNOPQRSTUV1sPUSx', 'must not look like a token value'],
    ['be a truncated token value', 'apkgt_01', 'must not look like a token value'],
    ['be a token value of the hosted registry', 'apkg_abc123', 'must not look like a token value'],
    ['be a JSON Web Token', 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln', 'must not look like a token value'],
    ['be a token ID', '01h455vb4pex5vsk', 'must not look like a token ID'],
    ['start with a dash', '-5d', 'must not start with a dash'],
    ['be a flag', '--current', 'must not start with a dash'],
    ['be a UUID', '3f2504e0-4f89-11d3-9a0c-0305e82c3301', 'must not look like a token ID'],
  ] as const) {
    it(`label: cannot ${what}`, () => {
      assert.equal(labelProblem(label), problem)
    })
  }
})
