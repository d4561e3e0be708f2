import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {labelProblem, maxLabelLength} from '../src/index.js'

const control = 'must not contain control characters'
const space = 'must not start or end with white space'

describe('a label', () => {
  for (const [what, label] of [
    ['a word', 'ci'],
    ['a host and a day', 'anna@build-7-20270131'],
    ['one character', 'x'],
    ['words with spaces between them', 'release of the docs'],
    ['an emoji', '🚀'],
    ['an emoji of several code points', '👩🏽‍💻'],
    ['a flag', '🇨🇭'],
    ['100 letters', 'a'.repeat(maxLabelLength)],
    ['100 emoji, two UTF-16 units each', '🚀'.repeat(maxLabelLength)],
    ['letters from right to left', 'בנייה'],
    ['the name of a prototype', '__proto__'],
    ['the name of a method', 'hasOwnProperty'],
    ['quotes and markup', `<b>"it's"</b>; DROP TABLE tokens`],
    ['the name of the program', 'apkg'],
    ['four digits', '0123'],
  ] as const) {
    it(`may be ${what}`, () => {
      assert.equal(labelProblem(label), undefined)
    })
  }

  for (const [what, label, problem] of [
    ['empty', '', 'must not be empty'],
    ['white space alone', ' ', space],
    ['led by a space', ' ci', space],
    ['followed by a line break', 'ci\n', space],
    ['followed by a no-break space', 'ci\u00A0', space],
    ['101 letters', 'a'.repeat(maxLabelLength + 1), 'must be at most 100 characters long'],
    ['101 emoji', '🚀'.repeat(maxLabelLength + 1), 'must be at most 100 characters long'],
    ['split by a line break', 'a\nb', control],
    ['split by a carriage return', 'a\rb', control],
    ['split by a tab', 'a\tb', control],
    ['made to hold NUL', 'a\u0000b', control],
    ['made to hold an escape sequence', 'a\u001B[31mb', control],
    ['made to hold DEL', 'a\u007Fb', control],
    ['made to hold a C1 control', 'a\u009Bb', control],
    ['split by a line separator', 'a\u2028b', control],
    ['split by a paragraph separator', 'a\u2029b', control],
    ['turned round by an override', 'a\u202Eb', control],
    ['turned round by an embedding', 'a\u202Ab', control],
    ['turned round by an isolate', 'a\u2066b', control],
    ['marked left to right', 'a\u200Eb', control],
    ['marked right to left', 'a\u200Fb', control],
    ['marked as Arabic', 'a\u061Cb', control],
    ['made to hold a byte order mark', 'a\uFEFFb', control],
    ['made to hold half an emoji', 'a\uD83Db', control],
    ['a token’s value', 'apkgt_0123456789ABCDEFGHIJKLMNOPQRSTUV1sPUSx', 'must not look like the value of a token'],
    ['a truncated value', 'apkgt_01', 'must not look like the value of a token'],
    ['the hosted registry’s value', 'apkg_abc123', 'must not look like the value of a token'],
    ['a JSON Web Token', 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln', 'must not look like the value of a token'],
    ['an id', '01h455vb4pex5vsk', 'must not look like the id of a token'],
    ['a UUID', '3f2504e0-4f89-11d3-9a0c-0305e82c3301', 'must not look like the id of a token'],
  ] as const) {
    it(`cannot be ${what}`, () => {
      assert.equal(labelProblem(label), problem)
    })
  }
})
