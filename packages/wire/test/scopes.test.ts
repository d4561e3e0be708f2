import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {
  defaultScopes,
  effectiveScopes,
  grantsOf,
  isTokenScope,
  rightsOf,
  scopes,
  type Grant,
  type Scope,
} from '../src/index.js'

const publishing: Grant[] = ['publish', 'read']
const everything: Grant[] = ['manage-keys', 'manage-tokens', 'publish', 'read', 'token:rotate']

describe('token scopes', () => {
  it('token scopes: are read, publish, ci and admin, in this order', () => {
    assert.deepEqual(scopes, ['read', 'publish', 'ci', 'admin'])
  })

  it('token scopes: are read and publish by default', () => {
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
    it(`token scopes: [${held.join(', ')}] grant exactly [${grants.join(', ')}]`, () => {
      assert.deepEqual([...grantsOf(held)].sort(), grants)
    })
  }

  it('token scopes: are the default ones if none are listed', () => {
    assert.deepEqual(effectiveScopes([]), defaultScopes)
    assert.deepEqual(effectiveScopes(undefined), defaultScopes)
    assert.deepEqual(effectiveScopes(['read']), ['read'])
  })

  for (const [listed, rights] of [
    [[], publishing],
    [['read'], ['read']],
    [['ci'], publishing],
    [
      ['read', 'deploy'],
      ['deploy', 'read'],
    ],
    [['__proto__'], ['__proto__']],
  ] as const) {
    it(`token scopes: [${listed.join(', ')}] have the rights [${rights.join(', ')}]`, () => {
      assert.deepEqual([...rightsOf(listed)].sort(), rights)
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
    it(`token scopes: ${expected ? 'include' : 'do not include'} ${JSON.stringify(text)}`, () => {
      assert.equal(isTokenScope(text), expected)
    })
  }
})
