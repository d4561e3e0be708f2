import {Flags} from '@oclif/core'

import type {TokenFilters} from '../../account/token/token-filters.js'
import type {WrittenTime} from '@apkg/wire'
import {parseAddressRange} from './address-range-flag.js'
import {flagTimeAgo, flagTimeAhead, timeFlag} from './time-flag.js'

const helpGroup = 'FILTER'

/** The flags that select tokens by their properties, in any status. A token must match all of them. */
export const tokenPropertyFlags = {
  expiring: timeFlag({summary: 'Tokens that expire within this time, such as 14d, or before this date.', helpGroup}),
  unused: timeFlag({
    summary: "Tokens that haven't been used for this time, such as 90d, or since this date.",
    description: 'For a token that has never been used, this is the time since it was created.',
    helpGroup,
  }),
  'never-expires': Flags.boolean({summary: "Tokens that don't expire.", exclusive: ['expiring'], helpGroup}),
  'created-before': timeFlag({summary: 'Tokens created before this date, or longer ago than this time.', helpGroup}),
  'last-used-from': Flags.string({
    summary: 'Tokens whose last use came from this address or network, such as 203.0.113.0/24.',
    helpValue: '<CIDR>',
    parse: (text) => Promise.resolve(parseAddressRange(text)),
    helpGroup,
  }),
}

const suspended = Flags.boolean({summary: 'Tokens that are suspended.', helpGroup})

/** The flags that select tokens that are active or suspended. */
export const liveTokenFilterFlags = {...tokenPropertyFlags, suspended}

/** All flags that select tokens. */
export const tokenFilterFlags = {
  ...liveTokenFilterFlags,
  expired: Flags.boolean({
    summary: 'Tokens that have expired.',
    exclusive: ['revoked', 'suspended', 'never-expires'],
    helpGroup,
  }),
  revoked: Flags.boolean({summary: 'Tokens that were revoked.', exclusive: ['expired', 'suspended'], helpGroup}),
}

export type FilterFlags = {
  [Name in 'expiring' | 'unused' | 'created-before']?: WrittenTime | undefined
} & {[Name in 'expired' | 'revoked' | 'suspended' | 'never-expires']?: boolean | undefined} & {
  'last-used-from'?: string | undefined
}

/**
 * @returns undefined if no filter is given.
 * @throws {ApkgError} `USAGE` for a time in the past that must be in the future, or the reverse.
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
    ...(lastUsedFrom !== undefined && {lastUsedFrom}),
  }
  return Object.keys(filters).length > 0 ? filters : undefined
}
