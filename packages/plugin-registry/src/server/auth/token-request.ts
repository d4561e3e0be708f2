import {scopeOf} from '@apkg/package-format'
import {
  changingRights,
  defaultScopes,
  expiryOf,
  formatLifetime,
  isOrganizationScope,
  labelProblem,
  type Lifetime,
  lifetimeForms,
  maxLifetime,
  noteProblem,
  parseLifetime,
  patternProblem,
  readAddressRange,
  rightsOf,
  type ProblemDetail,
  type Scope,
  scopes as knownScopes,
  splitPatterns,
} from '@apkg/wire'
import type {CreateTokenRequest} from '@apkg/wire/protocol'

import type {RegistryPolicy, TokenRestrictions} from '../store/store.js'
import {Refusal} from '../http/refusal.js'
import {readRelease} from './release-request.js'

/** The token to create, read from a request that matches its schema. */
export interface TokenSpec extends Omit<TokenRestrictions, 'organization'> {
  label: string
  scopes: Scope[]
  patterns: string[]
  lifetime: string
  note: string | null
  expiresAt: number | null
}

/**
 * Reads the token to create. A request without a lifetime gets the policy's.
 *
 * @throws {Refusal} VALIDATION, with each invalid field
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
  const addresses = request.addresses?.map((each) => ({text: each, ...readAddressRange(each)})) ?? null
  const uses = request.uses ?? null
  const asked = request.release ? readRelease(request.release, {scopes, patterns}) : undefined
  const organization = request.organization ?? null
  const canChange = changingRights.some((right) => rightsOf(scopes).has(right))
  const problems = [
    ...problemOf('name', labelProblem(request.name)),
    ...problemOf('note', note === null ? undefined : noteProblem(note)),
    ...problemOf('expiresIn', lifetimeProblem(lifetime, now)),
    ...patterns.flatMap((pattern) => problemOf('packageScope', patternProblem(pattern))),
    ...(organization === null ? [] : organizationProblems(organization, {scopes, patterns})),
    ...problemOf('uses', uses === null || canChange ? undefined : 'requires a scope that allows changing packages'),
    ...(addresses ?? []).flatMap((each) =>
      'problem' in each ? [{field: 'addresses', message: `\`${each.text}\` ${each.problem}`}] : [],
    ),
    ...(asked?.problems ?? []),
  ]
  if (problems.length > 0 || !lifetime) throw new Refusal('VALIDATION', {details: problems})
  return {
    label: request.name,
    scopes: knownScopes.filter((scope) => scopes.includes(scope)),
    patterns: [...new Set(patterns)],
    addresses: addresses && [...new Set(addresses.flatMap((each) => ('range' in each ? [each.range] : [])))],
    uses: uses === null ? null : {total: uses, left: uses},
    release: asked?.release ?? null,
    lifetime: formatLifetime(lifetime),
    note,
    expiresAt: expiryOf(lifetime, now)?.getTime() ?? null,
  }
}

function problemOf(field: string, message: string | undefined): ProblemDetail[] {
  return message === undefined ? [] : [{field, message}]
}

/** Tokens of an organization can't manage tokens, and only change its packages. */
function organizationProblems(
  name: string,
  {scopes, patterns}: {scopes: readonly Scope[]; patterns: readonly string[]},
): ProblemDetail[] {
  return [
    ...scopes
      .filter((scope) => !isOrganizationScope(scope))
      .map((scope) => ({field: 'scopes', message: `a token of an organization cannot have the scope ${scope}`})),
    ...patterns
      .filter((pattern) => scopeOf(pattern) !== `@${name}`)
      .map((pattern) => ({field: 'packageScope', message: `${pattern} is not a package of ${name}`})),
  ]
}

/** @param lifetime undefined if its date doesn't exist */
export function lifetimeProblem(lifetime: Lifetime | undefined, now: Date): string | undefined {
  if (!lifetime) return `must be ${lifetimeForms}`
  if (lifetime.kind !== 'until') return undefined
  const milliseconds = lifetime.instant.getTime() - now.getTime()
  if (milliseconds <= 0) return 'must be in the future'
  return milliseconds > maxLifetime ? 'must be at most 100 years away, or never' : undefined
}
