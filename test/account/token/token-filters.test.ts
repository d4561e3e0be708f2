import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {addressRangeForms} from '@apkg/wire'

import {matchesFilters} from '../../../src/account/token/token-filters.js'
import {tokenFilterFlags, tokenFiltersOf} from '../../../src/entry/flags/token-filter-flags.js'
import {tokenWith} from '../../support/tokens.js'

const now = new Date('2027-02-01T00:00:00Z')

const from = (address: string) => ({address, agent: null, action: 'whoami', package: null, refused: false})

/** Labels are the reasons why a token should or should not match. */
const tokens = [
  tokenWith({label: 'fresh', createdAt: '2027-01-31T00:00:00Z'}),
  tokenWith({label: 'old', createdAt: '2026-01-01T00:00:00Z', expiresAt: '2027-02-10T00:00:00Z'}),
  tokenWith({
    label: 'old but used',
    createdAt: '2026-01-01T00:00:00Z',
    lastUsedAt: '2027-01-31T00:00:00Z',
    lastUse: from('::ffff:203.0.113.7'),
  }),
  tokenWith({
    label: 'used long ago',
    createdAt: '2026-01-01T00:00:00Z',
    lastUsedAt: '2026-02-01T00:00:00Z',
    lastUse: from('2001:db8::7'),
    expiresAt: '2027-02-15T00:00:00Z',
  }),
  tokenWith({label: 'suspended', status: 'suspended', createdAt: '2027-01-31T00:00:00Z'}),
  tokenWith({
    label: 'expired',
    status: 'expired',
    createdAt: '2026-01-01T00:00:00Z',
    expiresAt: '2026-06-01T00:00:00Z',
  }),
  tokenWith({label: 'revoked', status: 'revoked', createdAt: '2026-01-01T00:00:00Z'}),
  tokenWith({label: 'spent', status: 'spent', createdAt: '2026-01-01T00:00:00Z'}),
]

async function matching(flags: Record<string, string | true>): Promise<string[]> {
  const parsed: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(flags)) {
    const {parse} = tokenFilterFlags[name as keyof typeof tokenFilterFlags]
    parsed[name] = value === true ? true : await (parse as (text: string) => Promise<unknown>)(value)
  }
  const filters = tokenFiltersOf(parsed, now) ?? {}
  return tokens.filter((token) => matchesFilters(token, filters)).map(({label}) => label)
}

describe('filters of tokens', () => {
  const rows: [flags: Record<string, string | true>, labels: string[]][] = [
    [{}, ['fresh', 'old', 'old but used', 'used long ago', 'suspended']],
    [{expiring: '14d'}, ['old']],
    [{expiring: '2027-03-01'}, ['old', 'used long ago']],
    [{expired: true}, ['expired']],
    [{revoked: true}, ['revoked']],
    [{suspended: true}, ['suspended']],
    [{unused: '90d'}, ['old', 'used long ago']],
    [{unused: '2026-01-15'}, ['old']],
    [{'never-expires': true}, ['fresh', 'old but used', 'suspended']],
    [{'created-before': '2027-01-01'}, ['old', 'old but used', 'used long ago']],
    [{'last-used-from': '203.0.113.0/24'}, ['old but used']],
    [{'last-used-from': '203.0.113.7'}, ['old but used']],
    [{'last-used-from': '203.0.113.8'}, []],
    [{'last-used-from': '2001:db8::/32'}, ['used long ago']],
    [{'last-used-from': '0.0.0.0/0'}, ['old but used']],
    [{unused: '90d', expiring: '2027-02-12'}, ['old']],
    [{'never-expires': true, 'created-before': '30d'}, ['old but used']],
    [{expired: true, 'created-before': '30d'}, ['expired']],
  ]
  for (const [flags, labels] of rows) {
    it(`token filters: ${JSON.stringify(flags)} matches ${labels.join(', ') || 'nothing'}`, async () => {
      assert.deepEqual(await matching(flags), labels)
    })
  }

  for (const [flags, message] of [
    [{expiring: '2027-01-01'}, '--expiring: 2027-01-01T00:00:00.000Z is in the past'],
    [{unused: '2027-03-01'}, '--unused: 2027-03-01T00:00:00.000Z is in the future'],
    [{'created-before': 'yesterday'}, '`yesterday` is not a valid time'],
    [{'last-used-from': '203.0.113.0/33'}, `\`203.0.113.0/33\` is not ${addressRangeForms}`],
    [{'last-used-from': '203.0.113/24'}, `\`203.0.113/24\` is not ${addressRangeForms}`],
    [{'last-used-from': '::1/'}, `\`::1/\` is not ${addressRangeForms}`],
    [{'last-used-from': '203.0.113.7/24'}, '`203.0.113.7/24` has bits set after its prefix: use 203.0.113.0/24'],
    [{'last-used-from': 'example.com'}, `\`example.com\` is not ${addressRangeForms}`],
  ] as const) {
    it(`token filters: ${JSON.stringify(flags)} is a usage error`, async () => {
      await assert.rejects(matching(flags), {code: 'USAGE', message})
    })
  }
})
