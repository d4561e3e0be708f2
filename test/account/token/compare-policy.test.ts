import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {comparePolicy} from '../../../src/account/token/compare-policy.js'
import type {Token, TokenRequest} from '../../../src/account/token/token.js'
import {tokenWith} from '../../support/tokens.js'

const created = '2027-01-01T00:00:00Z'

interface Case {
  asked?: Partial<TokenRequest>
  made?: Partial<Token>
  wider?: string[]
  narrower?: string[]
}

const cases: Record<string, Case> = {
  'matches the request': {},
  'lists its scopes in another order and twice': {made: {scopes: ['publish', 'read', 'read']}},
  'has an extra scope': {made: {scopes: ['read', 'publish', 'admin']}, wider: ['it has extra scopes: admin']},
  'has two extra scopes': {
    made: {scopes: ['*', 'read', 'publish', 'admin']},
    wider: ['it has extra scopes: *, admin'],
  },
  'lacks a scope': {made: {scopes: ['read']}, narrower: ['it lacks scopes: publish']},
  'lists no scopes, which means read and publish': {made: {scopes: []}},
  'lists no scopes instead of read': {
    asked: {scopes: ['read']},
    made: {scopes: []},
    wider: ['it has extra scopes: publish'],
  },
  'has ci instead of read': {
    asked: {scopes: ['read']},
    made: {scopes: ['ci']},
    wider: ['it has extra scopes: ci'],
  },
  'has publish instead of admin': {
    asked: {scopes: ['admin']},
    made: {scopes: ['publish']},
    narrower: ['it lacks scopes: admin'],
  },
  'has admin instead of publish': {
    asked: {scopes: ['publish']},
    made: {scopes: ['admin']},
    wider: ['it has extra scopes: admin'],
  },
  'has another scope that means the same': {made: {scopes: ['ci']}},
  'lists the parts of publish': {
    asked: {scopes: ['publish']},
    made: {scopes: ['read', 'publish:new', 'publish:update', 'tag', 'deprecate']},
  },
  'lists publish instead of its parts': {
    asked: {scopes: ['read', 'publish:new', 'publish:update', 'tag', 'deprecate']},
    made: {scopes: ['publish']},
  },
  'lacks a part of publish': {
    asked: {scopes: ['publish']},
    made: {scopes: ['read', 'publish:new', 'publish:update', 'deprecate']},
    narrower: ['it lacks scopes: publish'],
  },
  'has another part of publish': {
    asked: {scopes: ['publish:new']},
    made: {scopes: ['publish:update']},
    wider: ['it has extra scopes: publish:update'],
    narrower: ['it lacks scopes: publish:new'],
  },
  'lists publish without read': {made: {scopes: ['publish']}},
  'has a scope of another registry instead': {
    asked: {scopes: ['read']},
    made: {scopes: ['READ']},
    wider: ['it has extra scopes: READ'],
    narrower: ['it lacks scopes: read'],
  },
  'lists its packages in another order': {
    asked: {packages: ['@a/x', '@a/y']},
    made: {packages: ['@a/y', '@a/x']},
  },
  'can access every package instead of one': {
    asked: {packages: ['@a/x']},
    wider: ['it can access every package'],
  },
  'can access some packages instead of all': {
    made: {packages: ['@a/x', '@b/*']},
    narrower: ['it can only access @a/x, @b/*'],
  },
  'can access an extra package': {
    asked: {packages: ['@a/x']},
    made: {packages: ['@a/x', '@b/y']},
    wider: ['it can also access @b/y'],
  },
  'has a broader pattern': {
    asked: {packages: ['@a/tool-*']},
    made: {packages: ['@a/*']},
    wider: ['it can also access @a/*'],
  },
  'has a pattern instead of a package': {
    asked: {packages: ['@a/tool']},
    made: {packages: ['@a/tool*']},
    wider: ['it can also access @a/tool*'],
  },
  'has a package instead of a pattern': {
    asked: {packages: ['@a/*']},
    made: {packages: ['@a/tool']},
    narrower: ["it can\'t access @a/*, only @a/tool"],
  },
  'has a narrower pattern': {
    asked: {packages: ['@a/*']},
    made: {packages: ['@a/tool-*']},
    narrower: ["it can\'t access @a/*, only @a/tool-*"],
  },
  'has a pattern in an unknown syntax': {
    asked: {packages: ['@a/*']},
    made: {packages: ['@a/{x,../b}']},
    wider: ['it can also access @a/{x,../b}'],
    narrower: ["it can\'t access @a/*, only @a/{x,../b}"],
  },
  'has a pattern with two stars': {
    asked: {packages: ['@a/*']},
    made: {packages: ['@a/**']},
    wider: ['it can also access @a/**'],
    narrower: ["it can\'t access @a/*, only @a/**"],
  },
  'omits a package that a pattern covers': {
    asked: {packages: ['@a/*', '@a/tool']},
    made: {packages: ['@a/*']},
  },
  'can access other packages': {
    asked: {packages: ['@a/x']},
    made: {packages: ['@b/x']},
    wider: ['it can also access @b/x'],
    narrower: ["it can\'t access @a/x, only @b/x"],
  },
  'never expires by default': {asked: {expiresIn: undefined}},
  'never expires on request': {asked: {expiresIn: 'never'}},
  'expires by default': {
    made: {expiresAt: '2027-04-01T00:00:00Z'},
    narrower: ['it expires earlier, at 2027-04-01T00:00:00Z'],
  },
  'never expires instead of in 30 days': {asked: {expiresIn: '30d'}, wider: ['it never expires']},
  'expires as requested': {asked: {expiresIn: '30d'}, made: {expiresAt: '2027-01-31T00:00:00Z'}},
  'lives a minute longer': {asked: {expiresIn: '30d'}, made: {expiresAt: '2027-01-31T00:01:00Z'}},
  'lives a minute less': {asked: {expiresIn: '30d'}, made: {expiresAt: '2027-01-30T23:59:00Z'}},
  'lives more than a minute longer': {
    asked: {expiresIn: '30d'},
    made: {expiresAt: '2027-01-31T00:01:01Z'},
    wider: ['it expires later, at 2027-01-31T00:01:01Z'],
  },
  'lives more than a minute less': {
    asked: {expiresIn: '12h'},
    made: {expiresAt: '2027-01-01T11:58:00Z'},
    narrower: ['it expires earlier, at 2027-01-01T11:58:00Z'],
  },
  'expires on the requested day': {
    asked: {expiresIn: '2027-06-01T00:00:00.000Z'},
    made: {expiresAt: '2027-06-01T02:00:00+02:00'},
  },
  'expires after the requested day': {
    asked: {expiresIn: '2027-06-01T00:00:00.000Z'},
    made: {expiresAt: '2027-06-02T00:00:00Z'},
    wider: ['it expires later, at 2027-06-02T00:00:00Z'],
  },
  'was created by a machine whose clock is years off': {
    asked: {expiresIn: '1y'},
    made: {createdAt: '2031-01-01T00:00:00Z', expiresAt: '2032-01-01T00:00:00Z'},
  },
  'has an invalid expiry date': {
    asked: {expiresIn: '30d'},
    made: {expiresAt: 'tomorrow'},
    wider: ['its expiry date is unreadable'],
  },
  'has an invalid creation date': {
    asked: {expiresIn: '30d'},
    made: {createdAt: 'today', expiresAt: '2027-01-31T00:00:00Z'},
    wider: ['its expiry date is unreadable'],
  },
}

describe('comparing a new token with the request', () => {
  for (const [what, {asked, made, wider = [], narrower = []}] of Object.entries(cases)) {
    it(`compare-policy: a token that ${what} is ${wider.length > 0 ? 'wider' : narrower.length > 0 ? 'narrower' : 'as requested'}`, () => {
      const request: TokenRequest = {
        label: 'ci',
        labelIsProposal: false,
        scopes: ['read', 'publish'],
        packages: [],
        expiresIn: undefined,
        ...asked,
      }
      const token = tokenWith({createdAt: created, ...made})
      assert.deepEqual(comparePolicy(request, token), {wider, narrower})
    })
  }
})
