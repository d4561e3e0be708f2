import {isDeepStrictEqual} from 'node:util'

import {coversPackage, coversRange, expiryOf, parseLifetime, patternProblem, scopesBeyond} from '@apkg/wire'

import type {Release, Restrictions} from '../restrictions.js'
import type {Token, TokenRequest} from './token.js'

/** How a new token differs from what was requested: clauses such as `it never expires`. */
export interface PolicyDifferences {
  /** More access, or a longer lifetime. */
  wider: string[]
  /** Less access, or a shorter lifetime. */
  narrower: string[]
}

/** What was asked for. A token that exists can have scopes that this version doesn't know. */
export type AskedPolicy = Pick<TokenRequest, 'packages' | 'organization' | keyof Restrictions | 'expiresIn'> & {
  scopes: readonly string[]
}

/** How much longer or shorter a lifetime may be, in milliseconds. Registries round differently. */
const tolerance = 60_000

/**
 * Compares what a new token allows with what was requested. An empty list of scopes or packages is the widest there is, so
 * lists are compared by their meaning. Lifetimes run from creation to expiry, so the two machines' clocks don't have to
 * agree.
 */
export function comparePolicy(asked: AskedPolicy, made: Token): PolicyDifferences {
  const differences: PolicyDifferences = {wider: [], narrower: []}
  const extra = scopesBeyond(made.scopes, asked.scopes)
  const missing = scopesBeyond(asked.scopes, made.scopes)
  if (extra.length > 0) differences.wider.push(`it has extra scopes: ${extra.join(', ')}`)
  if (missing.length > 0) differences.narrower.push(`it lacks scopes: ${missing.join(', ')}`)
  compareHolders(asked.organization, made.organization, differences)
  comparePackages(asked.packages, made.packages, differences)
  compareAddresses(asked.addresses, made.addresses, differences)
  compareUses(asked, made, differences)
  compareReleases(asked.release, made.release, differences)
  compareLifetimes(asked.expiresIn ?? 'never', made, differences)
  return differences
}

/** A token of another holder can access other packages, and others can manage it. */
function compareHolders(asked: string | null, made: string | null, {wider}: PolicyDifferences): void {
  if (asked === made) return
  const owner = made === null ? 'a user' : `the organization ${made}`
  wider.push(`it belongs to ${owner}, not to ${asked ?? 'you'}`)
}

function comparePackages(
  asked: readonly string[],
  made: readonly string[],
  {wider, narrower}: PolicyDifferences,
): void {
  const uncovered = made.filter((pattern) => asked.length > 0 && !coversPattern(asked, pattern))
  if (asked.length > 0 && made.length === 0) wider.push('it can access every package')
  else if (uncovered.length > 0) wider.push(`it can also access ${uncovered.join(', ')}`)
  if (made.length === 0) return
  const missing = asked.filter((each) => !coversPattern(made, each))
  if (asked.length === 0) narrower.push(`it can only access ${made.join(', ')}`)
  else if (missing.length > 0) narrower.push(`it can't access ${missing.join(', ')}, only ${made.join(', ')}`)
}

/** Whether some patterns cover every package that another pattern covers. Nothing is known to cover an unknown syntax. */
function coversPattern(patterns: readonly string[], pattern: string): boolean {
  if (patternProblem(pattern) !== undefined) return patterns.includes(pattern)
  if (!pattern.endsWith('*')) return coversPackage(patterns, pattern)
  const stem = pattern.slice(0, -1)
  return patterns.length === 0 || patterns.some((each) => each.endsWith('*') && stem.startsWith(each.slice(0, -1)))
}

/** Nothing is known to cover a range that can't be read. */
function compareAddresses(
  asked: Restrictions['addresses'],
  made: Restrictions['addresses'],
  {wider, narrower}: PolicyDifferences,
): void {
  if (made === null) {
    if (asked !== null) wider.push('it can be used from any address')
    return
  }
  const extra = asked === null ? [] : made.filter((range) => !coversRange(asked, range))
  const isNarrower = asked === null || asked.some((range) => !coversRange(made, range))
  if (extra.length > 0) wider.push(`it can also be used from ${extra.join(', ')}`)
  else if (isNarrower) narrower.push(`it can only be used from ${made.join(', ')}`)
}

/** Fewer uses can be left than asked for, because a token that is rotated is in use. */
function compareUses(asked: Restrictions, made: Restrictions, {wider, narrower}: PolicyDifferences): void {
  if (made.uses === null || made.usesLeft === null) {
    if (asked.uses !== null) wider.push('the number of its changes is not limited')
    return
  }
  const [uses, usesLeft] = [asked.uses ?? Infinity, asked.usesLeft ?? Infinity]
  if (made.uses > uses || made.usesLeft > usesLeft) {
    wider.push(`it can make more changes: ${Math.max(made.uses, made.usesLeft)}`)
  } else if (made.uses < uses) narrower.push(`it can only make ${made.uses} changes`)
}

function compareReleases(
  asked: Restrictions['release'],
  made: Restrictions['release'],
  {wider, narrower}: PolicyDifferences,
): void {
  if (asked === null) {
    if (made !== null) narrower.push(`it can only publish ${releaseText(made)}`)
    return
  }
  if (made === null) wider.push('it can publish any version')
  else if (!isDeepStrictEqual(asked, made)) wider.push(`it can publish another release: ${releaseText(made)}`)
}

function releaseText({version, integrity, tag}: Release): string {
  return `version ${version} with the integrity ${integrity} and the dist-tag ${tag}`
}

function compareLifetimes(expiresIn: string, made: Token, {wider, narrower}: PolicyDifferences): void {
  const asked = parseLifetime(expiresIn)
  const created = new Date(made.createdAt)
  const wanted = asked && expiryOf(asked, created)
  if (wanted === undefined) return
  const expires = made.expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(made.expiresAt)
  const limit = wanted === null ? Number.POSITIVE_INFINITY : wanted.getTime()
  if (Number.isNaN(expires) || Number.isNaN(created.getTime())) wider.push('its expiry date is unreadable')
  else if (expires - limit > tolerance)
    wider.push(made.expiresAt ? `it expires later, at ${made.expiresAt}` : 'it never expires')
  else if (limit - expires > tolerance) narrower.push(`it expires earlier, at ${made.expiresAt ?? 'an unknown time'}`)
}
