import {BlockList, isIP} from 'node:net'

import {failure} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import type {TokenFilters} from '../../account/token/token-filters.js'
import type {WrittenTime} from '@apkg/wire'
import {flagTimeAgo, flagTimeAhead, timeFlag} from './time-flag.js'

const helpGroup = 'FILTERS'

/** The flags that select tokens by what they are. All that are given have to match. */
export const tokenFilterFlags = {
  expiring: timeFlag({summary: 'Tokens that expire within this time, such as 14d, or before this date.', helpGroup}),
  expired: Flags.boolean({summary: 'Tokens that have expired.', exclusive: ['revoked', 'suspended'], helpGroup}),
  revoked: Flags.boolean({summary: 'Tokens that were revoked.', exclusive: ['expired', 'suspended'], helpGroup}),
  suspended: Flags.boolean({summary: 'Tokens that are suspended.', exclusive: ['expired', 'revoked'], helpGroup}),
  unused: timeFlag({
    summary: "Tokens that haven't been used for this time, such as 90d, or since this date.",
    description: 'For a token that has never been used, the time since its creation counts.',
    helpGroup,
  }),
  'never-expires': Flags.boolean({summary: "Tokens that don't expire.", exclusive: ['expiring', 'expired'], helpGroup}),
  'created-before': timeFlag({summary: 'Tokens created before this date, or longer ago than this time.', helpGroup}),
  'last-used-from': Flags.custom<BlockList>({
    summary: 'Tokens whose last use came from this address or network, such as 203.0.113.0/24.',
    helpValue: '<CIDR>',
    parse: (text) => Promise.resolve(parseNetwork(text)),
    helpGroup,
  })(),
}

type FilterFlags = {
  [Name in 'expiring' | 'unused' | 'created-before']?: WrittenTime | undefined
} & {[Name in 'expired' | 'revoked' | 'suspended' | 'never-expires']?: boolean | undefined} & {
  'last-used-from'?: BlockList | undefined
}

/**
 * @returns undefined if no filter is given.
 * @throws {ApkgError} `USAGE` for a time in the past or in the future that has to be the other.
 */
export function tokenFiltersOf(flags: FilterFlags, now: Date): TokenFilters | undefined {
  const {expiring, unused, 'created-before': createdBefore, 'last-used-from': lastUsedFrom} = flags
  const filters: TokenFilters = {
    ...(expiring && {expiresBefore: flagTimeAhead('expiring', expiring, now)}),
    ...(flags.expired && {status: 'expired' as const}),
    ...(flags.revoked && {status: 'revoked' as const}),
    ...(flags.suspended && {status: 'suspended' as const}),
    ...(unused && {unusedSince: flagTimeAgo('unused', unused, now)}),
    ...(flags['never-expires'] && {neverExpires: true}),
    ...(createdBefore && {createdBefore: flagTimeAgo('created-before', createdBefore, now)}),
    ...(lastUsedFrom && {lastUsedFrom}),
  }
  return Object.keys(filters).length > 0 ? filters : undefined
}

function parseNetwork(text: string): BlockList {
  const [address = '', bits, ...rest] = text.split('/')
  const version = isIP(address)
  const length = bits === undefined ? (version === 4 ? 32 : 128) : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN
  if (version === 0 || rest.length > 0 || !(length <= (version === 4 ? 32 : 128))) {
    const suggestions = ['use an address or a network, such as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32']
    throw failure('USAGE', {message: `\`${text}\` is not a valid network`, suggestions})
  }
  const network = new BlockList()
  network.addSubnet(address, length, version === 4 ? 'ipv4' : 'ipv6')
  return network
}
