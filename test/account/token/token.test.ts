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

describe('a token in a response', () => {
  for (const [what, more, expected] of [
    ['accepts a minimal response', {}, read],
    ['accepts nulls', {packageScope: null, lastUsed: null, prefix: null}, read],
    ['ignores unknown fields', {owner: {deep: []}, label: 'other'}, read],
    ['reads packages from a string', {packageScope: '@a/x, @b/*,'}, {...read, packages: ['@a/x', '@b/*']}],
    ['prefers packages in a list', {packageScope: '@a/x', packagePatterns: ['@c/*']}, {...read, packages: ['@c/*']}],
    ['reads an empty string as every package', {packageScope: ''}, read],
    ['reads the last use', {lastUsed: '2027-01-02T00:00:00Z'}, {...read, lastUsedAt: '2027-01-02T00:00:00Z'}],
    ['reads a suspension', {suspendedAt: '2027-01-02T00:00:00Z'}, {...read, suspendedAt: '2027-01-02T00:00:00Z'}],
    ['reads null as not suspended', {suspendedAt: null}, read],
    ['never expires if `expires` is null', {expires: null}, {...read, expiresAt: null}],
    [
      'prefers `expires` over `expiresAt`',
      {expires: '2028-01-01T00:00:00Z'},
      {...read, expiresAt: '2028-01-01T00:00:00Z'},
    ],
    ['never expires if `expiresIn` is never', {expiresIn: 'never'}, {...read, expiresAt: null}],
    [
      'never expires if `expiresAt` is the last possible day',
      {expiresAt: '9999-12-31T00:00:00Z'},
      {...read, expiresAt: null},
    ],
    ['keeps an invalid time unchanged', {expiresAt: 'soon'}, {...read, expiresAt: 'soon'}],
  ] as const) {
    it(`token from the wire: ${what}`, () => {
      assert.deepEqual(tokenFromWire({...least, ...more} as Parameters<typeof tokenFromWire>[0]), expected)
    })
  }
})
