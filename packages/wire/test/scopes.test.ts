import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {defaultScopes, grantsOf, isScope, scopes, type Grant, type Scope} from '../src/index.js'

const publishing: Grant[] = ['publish', 'read']
const everything: Grant[] = ['manage-keys', 'manage-tokens', 'publish', 'read']

describe('scopes', () => {
  it('are these four, in this order', () => {
    assert.deepEqual(scopes, ['read', 'publish', 'ci', 'admin'])
  })

  it('are read and publish where nothing was asked for', () => {
    assert.deepEqual(defaultScopes, ['read', 'publish'])
  })

  const rows: [held: Scope[], grants: Grant[]][] = [
    [[], []],
    [['read'], ['read']],
    [['publish'], publishing],
    [['ci'], publishing],
    [['admin'], everything],
    [['read', 'publish'], publishing],
    [['read', 'read'], ['read']],
    [['ci', 'read'], publishing],
    [['read', 'admin'], everything],
    [['read', 'publish', 'ci', 'admin'], everything],
  ]
  for (const [held, grants] of rows) {
    it(`[${held.join(', ')}] grant [${grants.join(', ')}] and no more`, () => {
      assert.deepEqual([...grantsOf(held)].sort(), grants)
    })
  }

  for (const [text, expected] of [
    ['read', true],
    ['publish', true],
    ['ci', true],
    ['admin', true],
    ['', false],
    ['Read', false],
    ['read ', false],
    ['write', false],
    ['manage-tokens', false],
    ['__proto__', false],
    ['toString', false],
    ['0', false],
    ['length', false],
  ] as const) {
    it(`${expected ? 'count' : 'do not count'} ${JSON.stringify(text)} among them`, () => {
      assert.equal(isScope(text), expected)
    })
  }
})
