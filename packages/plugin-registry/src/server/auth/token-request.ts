import {
  defaultScopes,
  expiryOf,
  formatLifetime,
  labelProblem,
  type Lifetime,
  lifetimeForms,
  maxLifetime,
  noteProblem,
  parseLifetime,
  patternProblem,
  type ProblemDetail,
  type Scope,
  scopes as knownScopes,
  splitPatterns,
} from '@apkg/wire'
import type {CreateTokenRequest} from '@apkg/wire/protocol'

import type {RegistryPolicy} from '../store/store.js'
import {Refusal} from '../http/refusal.js'

/** The token to create, read from a request that matches its schema. */
export interface TokenSpec {
  label: string
  scopes: Scope[]
  patterns: string[]
  lifetime: string
  note: string | null
  expiresAt: number | null
}

/**
 * A request without a lifetime gets the policy's.
 *
 * @throws Refusal VALIDATION that names each invalid field.
 */
export function readTokenRequest(
  request: CreateTokenRequest,
  {defaultTokenLifetime, maxTokenLifetime}: RegistryPolicy,
  now: Date,
): TokenSpec {
  const lifetime = parseLifetime(request.expiresIn ?? defaultTokenLifetime ?? maxTokenLifetime ?? 'never')
  const scopes = request.scopes?.length ? request.scopes : defaultScopes
  const patterns = splitPatterns(request.packageScope ?? '')
  const note = request.note ?? null
  const problems = [
    ...problemOf('name', labelProblem(request.name)),
    ...problemOf('note', note === null ? undefined : noteProblem(note)),
    ...problemOf('expiresIn', lifetimeProblem(lifetime, now)),
    ...patterns.flatMap((pattern) => problemOf('packageScope', patternProblem(pattern))),
  ]
  if (problems.length > 0 || !lifetime) throw new Refusal('VALIDATION', {details: problems})
  return {
    label: request.name,
    scopes: knownScopes.filter((scope) => scopes.includes(scope)),
    patterns: [...new Set(patterns)],
    lifetime: formatLifetime(lifetime),
    note,
    expiresAt: expiryOf(lifetime, now)?.getTime() ?? null,
  }
}

function problemOf(field: string, message: string | undefined): ProblemDetail[] {
  return message === undefined ? [] : [{field, message}]
}

/** @param lifetime undefined if its date does not exist. */
export function lifetimeProblem(lifetime: Lifetime | undefined, now: Date): string | undefined {
  if (!lifetime) return `must be ${lifetimeForms}`
  if (lifetime.kind !== 'until') return undefined
  const milliseconds = lifetime.instant.getTime() - now.getTime()
  if (milliseconds <= 0) return 'must be in the future'
  return milliseconds > maxLifetime ? 'must be at most 100 years away, or never' : undefined
}
