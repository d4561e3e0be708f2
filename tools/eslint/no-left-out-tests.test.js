import rule from './no-left-out-tests.js'
import {testRule} from './rule-tester.js'

const file = 'test/a.test.ts'

testRule('no-left-out-tests', rule, {
  valid: [
    [file, `it('a', () => {}); describe('b', () => {})`],
    [file, `it('a', {skip: process.platform === 'win32'}, () => {})`],
    [file, `it('a', {skip: false, timeout: 1}, () => {})`],
    [file, `store.only; open({skip: true})`],
  ],
  invalid: [
    [file, `it.only('a', () => {})`, 'left'],
    [file, `it.skip('a', () => {})`, 'left'],
    [file, `test.todo('a')`, 'left'],
    [file, `describe.skip('a', () => {})`, 'left'],
    [file, `suite.only('a', () => {})`, 'left'],
    [file, `it('a', {skip: true}, () => {})`, 'left'],
    [file, `it('a', {skip: 'not today'}, () => {})`, 'left'],
    [file, `describe('a', {only: true}, () => {})`, 'left'],
    [file, `it('a', {todo: true}, () => {})`, 'left'],
  ],
})
