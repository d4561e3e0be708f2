import {
  defaultScopes,
  expiryOf,
  formatLifetime,
  isScope,
  labelProblem,
  type Lifetime,
  lifetimeForms,
  longestLifetime,
  maxPatterns,
  parseLifetime,
  patternProblem,
  type ProblemDetail,
  type Scope,
  scopes as knownScopes,
  splitPatterns,
} from '@apkg/wire'
import type {CreateTokenRequest} from '@apkg/wire/protocol'

import {Refusal} from '../http/refusal.js'

/** A valid request for a token. */
export interface TokenSpec {
  label: string
  scopes: Scope[]
  patterns: string[]
  lifetime: string
  expiresAt: number | null
}

/** @throws Refusal VALIDATION with a detail for each invalid field */
export function readTokenRequest(request: CreateTokenRequest, now: Date): TokenSpec {
  const lifetime = parseLifetime(request.expiresIn ?? 'never')
  const scopes = request.scopes?.length ? request.scopes : defaultScopes
  const patterns = splitPatterns(request.packageScope ?? '')
  const problems = [
    ...problemOf('name', labelProblem(request.name)),
    ...scopes.flatMap((scope) => problemOf('scopes', scopeProblem(scope))),
    ...problemOf('expiresIn', lifetimeProblem(lifetime, now)),
    ...patternProblems(request.packageScope, patterns),
  ]
  if (problems.length > 0 || !lifetime) throw new Refusal('VALIDATION', {details: problems})
  return {
    label: request.name,
    scopes: knownScopes.filter((scope) => scopes.includes(scope)),
    patterns: [...new Set(patterns)],
    lifetime: formatLifetime(lifetime),
    expiresAt: expiryOf(lifetime, now)?.getTime() ?? null,
  }
}

function problemOf(field: string, message: string | undefined): ProblemDetail[] {
  return message === undefined ? [] : [{field, message}]
}

function scopeProblem(scope: string): string | undefined {
  return isScope(scope) ? undefined : `must be one of ${knownScopes.join(', ')}`
}

function lifetimeProblem(lifetime: Lifetime | undefined, now: Date): string | undefined {
  if (!lifetime) return `must be one of ${lifetimeForms}`
  if (lifetime.kind !== 'until') return undefined
  const milliseconds = lifetime.instant.getTime() - now.getTime()
  if (milliseconds <= 0) return 'must be in the future'
  return milliseconds > longestLifetime ? 'must be at most 100 years away, or never' : undefined
}

/** An empty restriction is refused: treated as none, it would allow every package. */
function patternProblems(packageScope: string | null | undefined, patterns: string[]): ProblemDetail[] {
  if (packageScope === null || packageScope === undefined) return []
  if (patterns.length === 0) return problemOf('packageScope', 'must contain at least one pattern, or be omitted')
  if (patterns.length > maxPatterns)
    return problemOf('packageScope', `must not contain more than ${maxPatterns} patterns`)
  return patterns.flatMap((pattern) => problemOf('packageScope', patternProblem(pattern)))
}
