import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {
  defaultScopes,
  effectiveScopes,
  isTokenScope,
  offeredScopes,
  type Right,
  rightsOf,
  scopes,
  scopesBeyond,
  sessionScopes,
} from '../src/index.js'

const publishing: Right[] = ['deprecate', 'publish:new', 'publish:update', 'read', 'tag']
const everything: Right[] = [
  'deprecate',
  'manage-keys',
  'manage-tokens',
  'publish:new',
  'publish:update',
  'read',
  'tag',
  'token:read',
  'token:rotate',
]

describe('token scopes', () => {
  it('token scopes: are read and publish by default', () => {
    assert.deepEqual(defaultScopes, ['read', 'publish'])
  })

  it('token scopes: all but ci are offered', () => {
    assert.deepEqual(offeredScopes, [
      'read',
      'publish',
      'admin',
      'publish:new',
      'publish:update',
      'tag',
      'deprecate',
      'token:read',
      'token:rotate',
    ])
  })

  it('token scopes: those of a session have every right', () => {
    assert.deepEqual([...rightsOf(sessionScopes)].sort(), everything)
  })

  const rows: [held: string[], rights: Right[]][] = [
    [[], []],
    [['read'], ['read']],
    [['publish'], publishing],
    [['ci'], publishing],
    [['admin'], everything],
    [['publish:new'], ['publish:new']],
    [['publish:update'], ['publish:update']],
    [['tag'], ['tag']],
    [['deprecate'], ['deprecate']],
    [['token:read'], ['token:read']],
    [['token:rotate'], ['token:rotate']],
    [['read', 'publish'], publishing],
    [['read', 'read'], ['read']],
    [
      ['read', 'tag'],
      ['read', 'tag'],
    ],
    [['ci', 'read'], publishing],
    [['read', 'publish:new', 'publish:update', 'tag', 'deprecate'], publishing],
    [[...scopes], everything],
    [['read', 'deploy'], ['read']],
    [['manage-tokens'], []],
    [['__proto__'], []],
  ]
  for (const [held, rights] of rows) {
    it(`token scopes: [${held.join(', ')}] have exactly the rights [${rights.join(', ')}]`, () => {
      assert.deepEqual([...rightsOf(held)].sort(), rights)
    })
  }

  it('token scopes: are the default ones if none are listed', () => {
    assert.deepEqual(effectiveScopes([]), defaultScopes)
    assert.deepEqual(effectiveScopes(undefined), defaultScopes)
    assert.deepEqual(effectiveScopes(['read']), ['read'])
  })

  for (const [listed, others, beyond] of [
    [['read'], ['read'], []],
    [['ci'], ['publish'], []],
    [['publish'], ['read', 'publish:new', 'publish:update', 'tag', 'deprecate'], []],
    [['publish'], ['publish:new', 'publish:update', 'tag', 'deprecate'], ['publish']],
    [['publish:new', 'tag'], ['publish:new'], ['tag']],
    [['token:read'], ['publish'], ['token:read']],
    [['token:read'], ['admin'], []],
    [[], ['read'], ['publish']],
    [['publish'], [], []],
    [['deploy'], ['admin'], ['deploy']],
    [['deploy'], ['deploy'], []],
    [['manage-tokens'], ['admin'], ['manage-tokens']],
  ] as const) {
    it(`token scopes: beyond [${others.join(', ')}], [${listed.join(', ')}] have [${beyond.join(', ')}]`, () => {
      assert.deepEqual(scopesBeyond(listed, others), beyond)
    })
  }

  for (const [text, expected] of [
    ['read', true],
    ['publish', true],
    ['ci', true],
    ['admin', true],
    ['publish:new', true],
    ['token:read', true],
    ['', false],
    ['Read', false],
    ['read ', false],
    ['write', false],
    ['publish:', false],
    ['publish:old', false],
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
