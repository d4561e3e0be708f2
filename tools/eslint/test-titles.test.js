import {testRule} from './rule-tester.js'
import rule from './test-titles.js'

const file = 'test/a.test.ts'

testRule('test-titles', rule, {
  valid: [
    [file, `it('revoke: an unknown label revokes nothing', () => {})`],
    [file, 'it(`revoke: ${what}`, () => {})'],
    [file, 'test(`${name}: is documented`, () => {})'],
    [file, `describe('revoke', () => {})`],
    [file, `/a/.test(text); it()`],
  ],
  invalid: [
    [file, `it('works', () => {})`, 'subject'],
    [file, `it('revokes http://localhost', () => {})`, 'subject'],
    [file, `it('is not retried after a timeout: GET', () => {})`, 'subject'],
    [file, `it(': works', () => {})`, 'subject'],
    [file, `it('revoke:', () => {})`, 'subject'],
    [file, "it(`revokes ${ok ? 'a: b' : 'c'}`, () => {})", 'subject'],
    [file, `it(what, () => {})`, 'literal'],
    [file, `test(titleOf(each), () => {})`, 'literal'],
  ],
})
