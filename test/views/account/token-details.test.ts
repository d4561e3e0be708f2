import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import type {Token as TokenDetails} from '../../../src/account/token/token.js'
import {tokenDetails} from '../../../src/views/account/token-details.js'
import {tokenWith} from '../../support/tokens.js'

const now = new Date('2027-01-31T12:00:00Z')
const terminal = {isTerminal: true, hasColors: false}
const pipe = {isTerminal: false, hasColors: false}

function detailed(changes: Partial<TokenDetails> = {}) {
  return {registry: 'https://r.example', ...tokenWith(), generation: 1, oldValue: null, ...changes}
}

const use = {
  address: '203.0.113.7',
  agent: 'apkg-cli/1.0.0',
  action: 'publishPackage',
  package: '@acme/tool',
  refused: false,
}

const rotated = detailed({
  note: 'Deploys the website',
  packages: ['@acme/*', '@ada/x'],
  addresses: ['203.0.113.0/24'],
  ...{uses: 5, usesLeft: 2},
  rotatedAt: '2027-01-31T10:00:00Z',
  generation: 3,
  lastUsedAt: '2027-01-31T11:57:00Z',
  lastUse: use,
  expiresAt: '2027-02-03T12:00:00Z',
  oldValue: {
    prefix: 'apkgt_OldOld',
    endsAt: '2027-02-01T11:00:00Z',
    lastUsedAt: '2027-01-31T11:55:00Z',
    lastUse: {...use, address: '198.51.100.1'},
  },
})

describe('the details of a token', () => {
  it('token details: a terminal shows relative times', () => {
    assert.equal(
      tokenDetails(rotated, terminal, now),
      `Label      ci
ID         7k3f9q2m7k3f9q2m
Status     active
Value      apkgt_AbCdEf...
Note       Deploys the website
Scopes     read, publish
Packages   @acme/*, @ada/x
Addresses  203.0.113.0/24
Uses left  2 of 5
Created    31 days ago
Rotated    2 hours ago, 2 rotations
Last used  3 minutes ago from 203.0.113.7
Used for   publishPackage @acme/tool
Client     apkg-cli/1.0.0
Old value  apkgt_OldOld..., expires in 23 hours, last used 5 minutes ago from 198.51.100.1
Expires    in 3 days
Registry   https://r.example
`,
    )
  })

  it('token details: other output has full times', () => {
    assert.equal(
      tokenDetails(rotated, pipe, now),
      `Label      ci
ID         7k3f9q2m7k3f9q2m
Status     active
Value      apkgt_AbCdEf...
Note       Deploys the website
Scopes     read, publish
Packages   @acme/*, @ada/x
Addresses  203.0.113.0/24
Uses left  2 of 5
Created    2027-01-01T00:00:00Z
Rotated    2027-01-31T10:00:00Z, 2 rotations
Last used  2027-01-31T11:57:00Z from 203.0.113.7
Used for   publishPackage @acme/tool
Client     apkg-cli/1.0.0
Old value  apkgt_OldOld..., expires 2027-02-01T11:00:00Z, last used 2027-01-31T11:55:00Z from 198.51.100.1
Expires    2027-02-03T12:00:00Z
Registry   https://r.example
`,
    )
  })

  it('token details: unknown facts are left out', () => {
    assert.equal(
      tokenDetails(detailed({prefix: null, generation: null}), terminal, now),
      `Label      ci
ID         7k3f9q2m7k3f9q2m
Status     active
Scopes     read, publish
Packages   all
Created    31 days ago
Last used  never
Expires    never
Registry   https://r.example
`,
    )
  })

  for (const [status, changes] of [
    ['suspended 2 days ago', {status: 'suspended', suspendedAt: '2027-01-29T12:00:00Z'}],
    ['revoked 2 days ago by ada', {status: 'revoked', revokedAt: '2027-01-29T12:00:00Z', revokedBy: 'ada'}],
    ['revoked 2 days ago', {status: 'revoked', revokedAt: '2027-01-29T12:00:00Z'}],
    ['expired', {status: 'expired', expiresAt: '2027-01-29T12:00:00Z'}],
    ['spent', {status: 'spent'}],
  ] as const) {
    it(`token details: the status ${status}`, () => {
      assert.match(tokenDetails(detailed(changes), terminal, now), new RegExp(`^Status     ${status}$`, 'm'))
    })
  }

  const old = {prefix: 'apkgt_OldOld', endsAt: null, lastUsedAt: null, lastUse: null}
  for (const [text, changes] of [
    ['works until the new value is used, and for the grace period after that, never used', {oldValue: old}],
    ['expired 60 minutes ago, never used', {oldValue: {...old, endsAt: '2027-01-31T11:00:00Z'}}],
    ['no longer works, never used', {status: 'expired', oldValue: old}],
    ['no longer works, never used', {status: 'expired', oldValue: {...old, endsAt: '2027-02-01T11:00:00Z'}}],
    [
      'works until the new value is used, and for the grace period after that, last used 2 hours ago',
      {oldValue: {...old, lastUsedAt: '2027-01-31T10:00:00Z'}},
    ],
  ] as const) {
    it(`token details: an old value that ${text}`, () => {
      const lines = tokenDetails(detailed(changes), terminal, now).split('\n')
      assert.ok(lines.includes(`Old value  apkgt_OldOld..., ${text}`), lines.join('\n'))
    })
  }

  it('token details: text from the registry cannot control the terminal', () => {
    const hostile = detailed({label: 'a\u001b[2J', lastUsedAt: 'x\u001b]0;', lastUse: {...use, address: '\u001b[31m'}})
    assert.ok(!tokenDetails(hostile, terminal, now).includes('\u001b'))
  })

  it('token details: of a token for one release, they have the version, the integrity and the dist-tag', () => {
    const release = {version: '1.2.3', integrity: 'sha256-abc', tag: 'next'}
    const shown = tokenDetails(detailed({packages: ['@acme/tool'], release}), pipe, now)
    assert.match(shown, /\nPackages   @acme\/tool@1\.2\.3\nIntegrity  sha256-abc\nDist-tag   next\n/)
  })
})
