import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {tokenFromWire} from '../../../src/account/token/token.js'
import {tokenWith} from '../../support/tokens.js'

const least = {
  id: 'tok-1',
  name: 'ci',
  scopes: ['read'],
  expiresIn: '90d',
  expiresAt: '2027-04-01T00:00:00Z',
  createdAt: '2027-01-01T00:00:00Z',
}

const now = new Date('2027-02-01T00:00:00Z')

const read = tokenWith({id: 'tok-1', prefix: null, scopes: ['read'], expiresAt: '2027-04-01T00:00:00Z'})

const use = {address: '203.0.113.7', agent: 'apkg-cli/1', action: 'publishPackage', package: '@a/x', refused: null}

describe('a token in a response', () => {
  for (const [what, more, expected] of [
    ['accepts a minimal response', {}, read],
    ['accepts nulls', {packageScope: null, lastUsed: null, prefix: null}, read],
    ['ignores unknown fields', {owner: {deep: []}, label: 'other'}, read],
    ['reads packages from a string', {packageScope: '@a/x, @b/*,'}, {...read, packages: ['@a/x', '@b/*']}],
    ['reads packages from a list', {packagePatterns: ['@c/*']}, {...read, packages: ['@c/*']}],
    [
      'reads packages that are given twice',
      {packageScope: '@c/*', packagePatterns: ['@c/*']},
      {...read, packages: ['@c/*']},
    ],
    [
      'reads the packages of both fields if they differ',
      {packageScope: '@a/x', packagePatterns: ['@c/*']},
      {...read, packages: ['@c/*', '@a/x']},
    ],
    ['reads every package if one field is empty', {packageScope: '@a/x', packagePatterns: []}, read],
    ['reads an empty string as every package', {packageScope: ''}, read],
    ['reads no scopes as the default ones', {scopes: []}, {...read, scopes: ['read', 'publish']}],
    ['reads the last use', {lastUsed: '2027-01-02T00:00:00Z'}, {...read, lastUsedAt: '2027-01-02T00:00:00Z'}],
    [
      'reads a suspension',
      {suspendedAt: '2027-01-02T00:00:00Z'},
      {...read, status: 'suspended', suspendedAt: '2027-01-02T00:00:00Z'},
    ],
    ['reads null as not suspended', {suspendedAt: null}, read],
    ['reads what it was last used for', {lastUse: use}, {...read, lastUse: use}],
    [
      'reads a use without its details',
      {lastUse: {address: '::1', action: 'whoami'}},
      {...read, lastUse: {address: '::1', agent: null, action: 'whoami', package: null, refused: null}},
    ],
    [
      'reads the organization and the creator',
      {organization: 'acme', createdBy: 'ada'},
      {...read, organization: 'acme', createdBy: 'ada'},
    ],
    ['reads null as a token of a user', {organization: null, createdBy: null}, read],
    [
      'matches no organization and no user if the name is invalid',
      {organization: 'A b'},
      {...read, organization: '(invalid)'},
    ],
    [
      'matches no organization and no user if the name is not text',
      {organization: 5},
      {...read, organization: '(invalid)'},
    ],
    ['reads a note', {note: 'for CI'}, {...read, note: 'for CI'}],
    [
      'reads who revoked it and when',
      {status: 'revoked', revokedAt: '2027-01-03T00:00:00Z', revokedBy: 'ada'},
      {...read, status: 'revoked', revokedAt: '2027-01-03T00:00:00Z', revokedBy: 'ada'},
    ],
    ['reads the status that the registry reports', {status: 'spent'}, {...read, status: 'spent'}],
    ['derives a status that it does not know', {status: 'frozen'}, read],
    [
      'has expired if the registry does not report a status',
      {expiresAt: '2027-01-31T00:00:00Z'},
      {...read, status: 'expired', expiresAt: '2027-01-31T00:00:00Z'},
    ],
    ['never expires if `expires` is null', {expires: null}, {...read, expiresAt: null}],
    [
      'prefers `expires` if it is later',
      {expires: '2028-01-01T00:00:00Z'},
      {...read, expiresAt: '2028-01-01T00:00:00Z'},
    ],
    ['prefers `expiresAt` if it is later', {expires: '2027-01-02T00:00:00Z'}, read],
    [
      'never expires if `expiresAt` is the last possible day and `expires` is not',
      {expires: '2027-01-02T00:00:00Z', expiresAt: '9999-12-31T00:00:00Z'},
      {...read, expiresAt: null},
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
      assert.deepEqual(tokenFromWire({...least, ...more} as Parameters<typeof tokenFromWire>[0], now), expected)
    })
  }
})
