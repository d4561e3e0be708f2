import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {comparePolicy} from '../../../src/account/token/compare-policy.js'
import type {Token, TokenRequest} from '../../../src/account/token/token.js'
import {tokenWith} from '../../support/tokens.js'
import {unrestricted} from '../../support/unrestricted.js'

const release = {version: '1.2.3', integrity: 'sha256-a', tag: 'latest'}

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
  'can be used from any address instead of some': {
    asked: {addresses: ['203.0.113.0/24']},
    wider: ['it can be used from any address'],
  },
  'can be used from one more range': {
    asked: {addresses: ['203.0.113.0/24']},
    made: {addresses: ['203.0.113.0/24', '192.0.2.0/24']},
    wider: ['it can also be used from 192.0.2.0/24'],
  },
  'can be used from a larger range': {
    asked: {addresses: ['203.0.113.0/25']},
    made: {addresses: ['203.0.113.0/24']},
    wider: ['it can also be used from 203.0.113.0/24'],
  },
  'can be used from a range that cannot be read': {
    asked: {addresses: ['203.0.113.0/24']},
    made: {addresses: ['moon']},
    wider: ['it can also be used from moon'],
  },
  'lists its ranges in another order and form': {
    asked: {addresses: ['203.0.113.0/24', '2001:db8::/32']},
    made: {addresses: ['2001:DB8:0::/32', '203.0.113.0/24']},
  },
  'can be used from one range less': {
    asked: {addresses: ['203.0.113.0/24', '192.0.2.0/24']},
    made: {addresses: ['203.0.113.0/24']},
    narrower: ['it can only be used from 203.0.113.0/24'],
  },
  'can only be used from a range instead of any address': {
    made: {addresses: ['203.0.113.0/24']},
    narrower: ['it can only be used from 203.0.113.0/24'],
  },
  'can make fewer changes': {
    asked: {uses: 3, usesLeft: 3},
    made: {uses: 2, usesLeft: 2},
    narrower: ['it can only make 2 changes'],
  },
  'can only make some changes instead of any': {made: {uses: 2, usesLeft: 2}, narrower: ['it can only make 2 changes']},
  'can publish any version instead of a release': {asked: {release}, wider: ['it can publish any version']},
  'can publish another version': {
    asked: {release},
    made: {release: {...release, version: '1.2.4'}},
    wider: ['it can publish another release: version 1.2.4 with the integrity sha256-a and the dist-tag latest'],
  },
  'can publish other bytes': {
    asked: {release},
    made: {release: {...release, integrity: 'sha256-b'}},
    wider: ['it can publish another release: version 1.2.3 with the integrity sha256-b and the dist-tag latest'],
  },
  'can set another dist-tag': {
    asked: {release},
    made: {release: {...release, tag: 'next'}},
    wider: ['it can publish another release: version 1.2.3 with the integrity sha256-a and the dist-tag next'],
  },
  'can publish the release': {asked: {release}, made: {release}},
  'can only publish a release': {
    made: {release},
    narrower: ['it can only publish version 1.2.3 with the integrity sha256-a and the dist-tag latest'],
  },
  'belongs to the organization': {asked: {organization: 'acme'}, made: {organization: 'acme'}},
  'belongs to a user instead of the organization': {
    asked: {organization: 'acme'},
    wider: ['it belongs to a user, not to acme'],
  },
  'belongs to another organization': {
    asked: {organization: 'acme'},
    made: {organization: 'initech'},
    wider: ['it belongs to the organization initech, not to acme'],
  },
  'belongs to an organization instead of the user': {
    made: {organization: 'acme'},
    wider: ['it belongs to the organization acme, not to you'],
  },
  'has fewer changes left': {asked: {uses: 3, usesLeft: 3}, made: {uses: 3, usesLeft: 2}},
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
        organization: null,
        expiresIn: undefined,
        ...unrestricted,
        ...asked,
      }
      const token = tokenWith({createdAt: created, ...made})
      assert.deepEqual(comparePolicy(request, token), {wider, narrower})
    })
  }
})
