import rule from './no-skipped-tests.js'
import {testRule} from './rule-tester.js'

const file = 'test/a.test.ts'

testRule('no-skipped-tests', rule, {
  valid: [
    [file, `it('a', () => {}); describe('b', () => {})`],
    [file, `it('a', {skip: process.platform === 'win32' && 'Windows has no modes'}, () => {})`],
    [file, `it('a', {skip: false, timeout: 1}, () => {})`],
    [file, `store.only; open({skip: true})`],
  ],
  invalid: [
    [file, `it.only('a', () => {})`, 'skipped'],
    [file, `it.skip('a', () => {})`, 'skipped'],
    [file, `test.todo('a')`, 'skipped'],
    [file, `describe.skip('a', () => {})`, 'skipped'],
    [file, `suite.only('a', () => {})`, 'skipped'],
    [file, `it('a', {skip: true}, () => {})`, 'skipped'],
    [file, `it('a', {skip: process.getuid() === 0}, () => {})`, 'unexplained'],
    [file, `it('a', {skip: !isRoot}, () => {})`, 'unexplained'],
    [file, `it('a', {skip: 'not today'}, () => {})`, 'skipped'],
    [file, `describe('a', {only: true}, () => {})`, 'skipped'],
    [file, `it('a', {todo: true}, () => {})`, 'skipped'],
  ],
})
