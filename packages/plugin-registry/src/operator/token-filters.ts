import {failure} from '@apkg/command-kit'
import {containsAddress, parseTime, readAddressRange, timeAgo, timeAhead, timeForms, type WrittenTime} from '@apkg/wire'
import {Flags} from '@oclif/core'

import type {OwnedTokenSummary} from './owned-token.js'

const helpGroup = 'FILTER'

const timeFlag = (summary: string) =>
  Flags.custom<WrittenTime>({summary, helpValue: '<when>', helpGroup, parse: (text) => Promise.resolve(parse(text))})()

/** The flags that filter tokens, whatever their status. Tokens must match all of them. */
export const tokenPropertyFlags = {
  user: Flags.string({summary: "Select the user's own tokens.", exclusive: ['org'], helpGroup}),
  org: Flags.string({summary: 'Select tokens of this organization.', helpGroup}),
  expiring: timeFlag('Select tokens that expire within this time, such as 14d, or before this date.'),
  unused: timeFlag("Select tokens that haven't been used for this time, such as 90d, or since this date."),
  'never-expires': Flags.boolean({summary: "Select tokens that don't expire.", exclusive: ['expiring'], helpGroup}),
  'created-before': timeFlag('Select tokens that were created before this date, or longer ago than this time.'),
  'last-used-from': Flags.string({
    summary: 'Select tokens whose last use came from this address or network, such as 203.0.113.0/24.',
    helpValue: '<CIDR>',
    helpGroup,
    parse: (text) => Promise.resolve(parseRange(text)),
  }),
}

/** The flags that filter tokens that aren't over. */
export const tokenFilterFlags = {
  ...tokenPropertyFlags,
  suspended: Flags.boolean({summary: 'Select suspended tokens.', helpGroup}),
}

/** The flags that select tokens that are over. */
export const endedTokenFlags = {
  expired: Flags.boolean({summary: 'Select tokens that have expired.', exclusive: ['revoked', 'suspended'], helpGroup}),
  revoked: Flags.boolean({summary: 'Select tokens that were revoked.', exclusive: ['expired', 'suspended'], helpGroup}),
}

interface FilterFlags {
  user?: string | undefined
  org?: string | undefined
  expiring?: WrittenTime | undefined
  suspended?: boolean | undefined
  unused?: WrittenTime | undefined
  'never-expires'?: boolean | undefined
  'created-before'?: WrittenTime | undefined
  'last-used-from'?: string | undefined
  expired?: boolean | undefined
  revoked?: boolean | undefined
}

/** Whether any filter is given. */
export function hasFilter(flags: FilterFlags): boolean {
  return Object.keys(tokenFilterFlags).some((name) => Boolean(flags[name as keyof FilterFlags]))
}

/** Whether a token matches all filters except --user and --org. */
export function matchesFilters(token: OwnedTokenSummary, flags: FilterFlags, now: Date): boolean {
  const {createdAt, lastUsedAt, lastUsedFrom, expiresAt, status} = token
  const {expiring, unused, 'created-before': createdBefore, 'last-used-from': range} = flags
  return (
    (!flags.suspended || status === 'suspended') &&
    (!flags.expired || status === 'expired') &&
    (!flags.revoked || status === 'revoked') &&
    (range === undefined || containsAddress([range], lastUsedFrom ?? '')) &&
    (!expiring || (expiresAt !== null && isBefore(expiresAt, timeAhead(expiring, now)))) &&
    (!flags['never-expires'] || expiresAt === null) &&
    (!unused || isBefore(lastUsedAt ?? createdAt, timeAgo(unused, now))) &&
    (!createdBefore || isBefore(createdAt, timeAgo(createdBefore, now)))
  )
}

function isBefore(time: string, instant: Date): boolean {
  return Date.parse(time) < instant.getTime()
}

function parseRange(text: string): string {
  const read = readAddressRange(text)
  if ('range' in read) return read.range
  throw failure('USAGE', {message: `\`${text}\` ${read.problem}`})
}

function parse(text: string): WrittenTime {
  const time = parseTime(text)
  if (time) return time
  throw failure('USAGE', {message: `\`${text}\` is not a valid time`, suggestions: [`use ${timeForms}`]})
}
