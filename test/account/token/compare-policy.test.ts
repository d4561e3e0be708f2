import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {comparePolicy} from '../../../src/account/token/compare-policy.js'
import type {Token, TokenRequest} from '../../../src/account/token/token.js'

const created = '2027-01-01T00:00:00Z'

interface Case {
  asked?: Partial<TokenRequest>
  made?: Partial<Token>
  wider?: string[]
  narrower?: string[]
}

const cases: Record<string, Case> = {
  'is as it was asked': {},
  'has its scopes in another order, and twice': {made: {scopes: ['publish', 'read', 'read']}},
  'has one scope more': {made: {scopes: ['read', 'publish', 'admin']}, wider: ['it also has the scopes admin']},
  'has two scopes more': {
    made: {scopes: ['*', 'read', 'publish', 'admin']},
    wider: ['it also has the scopes *, admin'],
  },
  'has one scope less': {made: {scopes: ['read']}, narrower: ['it lacks the scopes publish']},
  'has no scopes': {made: {scopes: []}, narrower: ['it lacks the scopes read, publish']},
  'has another scope for one': {
    made: {scopes: ['read', 'ci']},
    wider: ['it also has the scopes ci'],
    narrower: ['it lacks the scopes publish'],
  },
  'has its packages in another order': {
    asked: {packages: ['@a/x', '@a/y']},
    made: {packages: ['@a/y', '@a/x']},
  },
  'is for every package instead of some': {
    asked: {packages: ['@a/x']},
    wider: ['it is for every package'],
  },
  'is for some packages instead of every one': {
    made: {packages: ['@a/x', '@b/*']},
    narrower: ['it is not for every package but for @a/x, @b/*'],
  },
  'is for one package more': {
    asked: {packages: ['@a/x']},
    made: {packages: ['@a/x', '@b/y']},
    wider: ['it is also for @b/y'],
  },
  'is for a pattern that covers more': {
    asked: {packages: ['@a/tool-*']},
    made: {packages: ['@a/*']},
    wider: ['it is also for @a/*'],
  },
  'is for a pattern where one package was asked': {
    asked: {packages: ['@a/tool']},
    made: {packages: ['@a/tool*']},
    wider: ['it is also for @a/tool*'],
  },
  'is for one package where a pattern was asked': {
    asked: {packages: ['@a/*']},
    made: {packages: ['@a/tool']},
    narrower: ['it is not for @a/* but for @a/tool'],
  },
  'is for a narrower pattern': {
    asked: {packages: ['@a/*']},
    made: {packages: ['@a/tool-*']},
    narrower: ['it is not for @a/* but for @a/tool-*'],
  },
  'is for patterns that one of those asked covers': {
    asked: {packages: ['@a/*', '@a/tool']},
    made: {packages: ['@a/*']},
  },
  'is for other packages': {
    asked: {packages: ['@a/x']},
    made: {packages: ['@b/x']},
    wider: ['it is also for @b/x'],
    narrower: ['it is not for @a/x but for @b/x'],
  },
  'never expires, as nobody asked otherwise': {asked: {expiresIn: undefined}},
  'never expires, as was asked': {asked: {expiresIn: 'never'}},
  'expires though nobody asked': {
    made: {expiresAt: '2027-04-01T00:00:00Z'},
    narrower: ['it expires at 2027-04-01T00:00:00Z'],
  },
  'never expires though it should': {asked: {expiresIn: '30d'}, wider: ['it never expires']},
  'lives as long as was asked': {asked: {expiresIn: '30d'}, made: {expiresAt: '2027-01-31T00:00:00Z'}},
  'lives a minute longer, as clocks do': {asked: {expiresIn: '30d'}, made: {expiresAt: '2027-01-31T00:01:00Z'}},
  'lives a minute less': {asked: {expiresIn: '30d'}, made: {expiresAt: '2027-01-30T23:59:00Z'}},
  'lives longer than was asked': {
    asked: {expiresIn: '30d'},
    made: {expiresAt: '2027-01-31T00:01:01Z'},
    wider: ['it lives until 2027-01-31T00:01:01Z'],
  },
  'lives less long than was asked': {
    asked: {expiresIn: '12h'},
    made: {expiresAt: '2027-01-01T11:58:00Z'},
    narrower: ['it expires at 2027-01-01T11:58:00Z'],
  },
  'lives until the day that was asked': {
    asked: {expiresIn: '2027-06-01T00:00:00.000Z'},
    made: {expiresAt: '2027-06-01T02:00:00+02:00'},
  },
  'lives beyond the day that was asked': {
    asked: {expiresIn: '2027-06-01T00:00:00.000Z'},
    made: {expiresAt: '2027-06-02T00:00:00Z'},
    wider: ['it lives until 2027-06-02T00:00:00Z'],
  },
  'was made by a machine whose clock is years off': {
    asked: {expiresIn: '1y'},
    made: {createdAt: '2031-01-01T00:00:00Z', expiresAt: '2032-01-01T00:00:00Z'},
  },
  'expires at what is no time': {
    asked: {expiresIn: '30d'},
    made: {expiresAt: 'tomorrow'},
    wider: ['when it expires cannot be read'],
  },
  'was created at what is no time': {
    asked: {expiresIn: '30d'},
    made: {createdAt: 'today', expiresAt: '2027-01-31T00:00:00Z'},
    wider: ['when it expires cannot be read'],
  },
}

describe('a token that', () => {
  for (const [what, {asked, made, wider = [], narrower = []}] of Object.entries(cases)) {
    it(`${what} is ${wider.length > 0 ? 'wider' : narrower.length > 0 ? 'narrower' : 'what was asked for'}`, () => {
      const request: TokenRequest = {
        label: 'ci',
        labelIsProposal: false,
        scopes: ['read', 'publish'],
        packages: [],
        expiresIn: undefined,
        ...asked,
      }
      const token: Token = {
        id: '1',
        label: 'ci',
        prefix: null,
        scopes: ['read', 'publish'],
        packages: [],
        createdAt: created,
        lastUsedAt: null,
        expiresAt: null,
        ...made,
      }
      assert.deepEqual(comparePolicy(request, token), {wider, narrower})
    })
  }
})
