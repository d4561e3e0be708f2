import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import type {TokenLogEntry} from '../../../src/account/token/token-log.js'
import {logDetails} from '../../../src/views/account/log-details.js'
import {tokenLog} from '../../../src/views/account/token-log.js'

const now = new Date('2027-01-31T12:00:00Z')

const creation: TokenLogEntry = {
  at: '2027-01-31T09:00:00Z',
  action: 'token.create',
  id: '7k3f9q2m7k3f9q2m',
  label: 'ci',
  actor: 'ada',
  credential: null,
  address: '127.0.0.1',
  agent: null,
  target: '7k3f9q2m7k3f9q2m',
  detail: {label: 'ci', scopes: ['read', 'publish'], patterns: ['@acme/*'], lifetime: '30d'},
}

const screen = {isTerminal: true, hasColors: false, columns: 80}

describe('the token log on a terminal', () => {
  it('token log: details are wrapped, and no column is dropped for them', () => {
    assert.equal(
      tokenLog([creation], screen, now),
      `TIME         TOKEN  ACTION        BY   ADDRESS    DETAILS
3 hours ago  ci     token.create  ada  127.0.0.1  scopes read, publish; packages
                                                  @acme/*; lifetime 30d
`,
    )
  })

  it('token log: drops the address if the terminal is too narrow for the details', () => {
    const text = tokenLog([creation], {...screen, columns: 60}, now)
    assert.match(text, /^TIME +TOKEN +ACTION +BY +DETAILS\n/)
    assert.ok(text.split('\n').every((line) => line.length <= 60))
    assert.match(text, /ADDRESS/)
  })

  it('token log: names the package that the token changed', () => {
    const change = {...creation, action: 'package.tag', target: '@ada/x@1.0.0', detail: {tag: 'next'}}
    assert.match(tokenLog([change], screen, now), / @ada\/x@1\.0\.0; dist-tag next\n$/)
  })
})

describe('logDetails', () => {
  for (const [detail, expected] of [
    [{}, ''],
    [{label: 'ci'}, ''],
    [{scopes: ['read'], patterns: [], lifetime: 'never'}, 'scopes read; all packages; never expires'],
    [{addresses: ['10.0.0.0/8', '::1'], uses: 1}, 'only from 10.0.0.0/8, ::1; 1 use'],
    [{release: {version: '1.2.3', sha256: 'aa'}}, 'only version 1.2.3'],
    [{grace: 86_400_000, generation: 2}, 'old value works for 24 hours; value 2'],
    [{grace: 172_800_000}, 'old value works for 2 days'],
    [{grace: 5_400_000}, 'old value works for 90 minutes'],
    [{grace: 0}, 'old value ended'],
    [{by: 'owner', reason: 'looks odd'}, 'reason: looks odd'],
    [{by: ['operator'], left: ['owner']}, 'suspension by operator; still suspended by owner'],
    [{reason: 'leak-report', note: null}, 'value reported as leaked'],
    [{reason: 'revoked', count: 3}, 'reason: revoked; 3 attempts'],
    [{sha256: 'aa', visibility: 'public', tags: ['latest']}, 'visibility public; dist-tags latest'],
    [{message: null}, 'deprecation removed'],
    [{yanked: false}, 'yank undone'],
    [{trustedPublishers: 2, constructor: 'x'}, 'trusted publishers 2; constructor x'],
  ] as const) {
    it(`logDetails: ${JSON.stringify(detail)} is ${JSON.stringify(expected)}`, () => {
      assert.equal(logDetails(detail), expected)
    })
  }
})
