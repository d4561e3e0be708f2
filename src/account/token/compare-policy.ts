import {coversPackage, expiryOf, parseLifetime} from '@apkg/wire'

import type {Token, TokenRequest} from './token.js'

/** How a token that was made differs from what was asked. */
export interface PolicyDifferences {
  /** It may do more, or lives longer. */
  wider: string[]
  /** It may do less, or lives less long. */
  narrower: string[]
}

/** How far a registry's own reckoning of a lifetime may be off, in milliseconds. */
const tolerance = 60_000

/**
 * Compares what was asked with what was made: scopes and packages as sets, the lifetime from creation to expiry, so
 * that the clocks of the two machines do not matter.
 */
export function comparePolicy(asked: TokenRequest, made: Token): PolicyDifferences {
  const differences: PolicyDifferences = {wider: [], narrower: []}
  const {extra, missing} = setDifference(asked.scopes, made.scopes)
  if (extra.length > 0) differences.wider.push(`it also has the scopes ${extra.join(', ')}`)
  if (missing.length > 0) differences.narrower.push(`it lacks the scopes ${missing.join(', ')}`)
  comparePackages(asked.packages, made.packages, differences)
  compareLifetimes(asked.expiresIn ?? 'never', made, differences)
  return differences
}

function comparePackages(
  asked: readonly string[],
  made: readonly string[],
  {wider, narrower}: PolicyDifferences,
): void {
  const uncovered = made.filter((pattern) => asked.length > 0 && !coversPattern(asked, pattern))
  if (asked.length > 0 && made.length === 0) wider.push('it is for every package')
  else if (uncovered.length > 0) wider.push(`it is also for ${uncovered.join(', ')}`)
  const left =
    asked.length === 0 && made.length > 0 ? ['every package'] : asked.filter((each) => !coversPattern(made, each))
  if (left.length > 0)
    narrower.push(`it is not for ${left.join(', ')}${made.length > 0 ? ` but for ${made.join(', ')}` : ''}`)
}

/** Whether every package that a pattern covers is covered by these: a pattern's own text is the widest name in it. */
function coversPattern(patterns: readonly string[], pattern: string): boolean {
  if (!pattern.endsWith('*')) return coversPackage(patterns, pattern)
  const stem = pattern.slice(0, -1)
  return patterns.length === 0 || patterns.some((each) => each.endsWith('*') && stem.startsWith(each.slice(0, -1)))
}

function compareLifetimes(expiresIn: string, made: Token, {wider, narrower}: PolicyDifferences): void {
  const asked = parseLifetime(expiresIn)
  const created = new Date(made.createdAt)
  const wanted = asked && expiryOf(asked, created)
  if (wanted === undefined) return
  const expires = made.expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(made.expiresAt)
  const limit = wanted === null ? Number.POSITIVE_INFINITY : wanted.getTime()
  if (Number.isNaN(expires) || Number.isNaN(created.getTime())) wider.push('when it expires cannot be read')
  else if (expires - limit > tolerance)
    wider.push(made.expiresAt ? `it lives until ${made.expiresAt}` : 'it never expires')
  else if (limit - expires > tolerance) narrower.push(`it expires at ${made.expiresAt ?? 'an unknown time'}`)
}

function setDifference(asked: readonly string[], made: readonly string[]) {
  return {
    extra: made.filter((each) => !asked.includes(each)),
    missing: asked.filter((each) => !made.includes(each)),
  }
}
