import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {tokenFromWire} from '../../../src/account/token/token.js'

const least = {
  id: 'tok-1',
  name: 'ci',
  scopes: ['read'],
  expiresIn: '90d',
  expiresAt: '2027-04-01T00:00:00Z',
  createdAt: '2027-01-01T00:00:00Z',
}

const read = {
  id: 'tok-1',
  label: 'ci',
  prefix: null,
  scopes: ['read'],
  packages: [] as string[],
  createdAt: '2027-01-01T00:00:00Z',
  lastUsedAt: null as string | null,
  expiresAt: '2027-04-01T00:00:00Z' as string | null,
}

describe('a token on the wire', () => {
  for (const [what, more, expected] of [
    ['is read with the least that a registry sends', {}, read],
    ['is read with nulls', {packageScope: null, lastUsed: null, prefix: null}, read],
    ['is read with fields that nobody knows', {owner: {deep: []}, label: 'other'}, read],
    ['has its packages in one string', {packageScope: '@a/x, @b/*,'}, {...read, packages: ['@a/x', '@b/*']}],
    ['has its packages in a list', {packageScope: '@a/x', packagePatterns: ['@c/*']}, {...read, packages: ['@c/*']}],
    ['has no packages in an empty string', {packageScope: ''}, read],
    ['says when it was used', {lastUsed: '2027-01-02T00:00:00Z'}, {...read, lastUsedAt: '2027-01-02T00:00:00Z'}],
    ['is suspended', {suspendedAt: '2027-01-02T00:00:00Z'}, {...read, suspendedAt: '2027-01-02T00:00:00Z'}],
    ['is not suspended by a null', {suspendedAt: null}, read],
    ['never expires by our own field', {expires: null}, {...read, expiresAt: null}],
    ['expires by our own field', {expires: '2028-01-01T00:00:00Z'}, {...read, expiresAt: '2028-01-01T00:00:00Z'}],
    ['never expires by its lifetime', {expiresIn: 'never'}, {...read, expiresAt: null}],
    ['never expires by the last day there is', {expiresAt: '9999-12-31T00:00:00Z'}, {...read, expiresAt: null}],
    ['expires at what is no time, as it is', {expiresAt: 'soon'}, {...read, expiresAt: 'soon'}],
  ] as const) {
    it(what, () => {
      assert.deepEqual(tokenFromWire({...least, ...more} as Parameters<typeof tokenFromWire>[0]), expected)
    })
  }
})
