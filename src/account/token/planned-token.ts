import type {RegistryClient} from '@apkg/command-kit'
import {expiryOf, parseLifetime} from '@apkg/wire'

import type {Restrictions} from '../restrictions.js'
import {lifetimeByPolicy} from './lifetime-by-policy.js'
import type {TokenRequest} from './token.js'

/** The token that --dry-run would have created. */
export interface PlannedToken extends Restrictions {
  /** URL of the registry. */
  registry: string
  dryRun: true
  label: string
  note: string | null
  /** The token's scopes. */
  scopes: string[]
  /**
   * Package patterns that the token would be limited to. Empty means every package that the user can access or, for a
   * token of an organization, every package in the scope of the organization.
   */
  packages: string[]
  /** The organization that the token would belong to; null if it would be yours. */
  organization: string | null
  /**
   * When the token would expire; null if it wouldn't.
   *
   * @format date-time
   */
  expiresAt: string | null
}

/**
 * Returns the token that a request would create now. Without a lifetime, the registry's policy sets it.
 *
 * @returns `lifetimeNote` explains a lifetime that the policy set
 */
export async function planToken(
  client: RegistryClient,
  request: TokenRequest,
  now: Date,
): Promise<{planned: PlannedToken; lifetimeNote?: string}> {
  const byPolicy = await lifetimeByPolicy(client, request)
  const planned = describe({...request, ...(byPolicy && {expiresIn: byPolicy.lifetime})}, client.registry, now)
  return {planned, ...(byPolicy?.note !== undefined && {lifetimeNote: byPolicy.note})}
}

function describe(
  {label, note, scopes, packages, organization, addresses, uses, usesLeft, release, expiresIn = 'never'}: TokenRequest,
  registry: string,
  now: Date,
): PlannedToken {
  const lifetime = parseLifetime(expiresIn)
  const expires = lifetime ? expiryOf(lifetime, now) : null
  return {
    registry,
    dryRun: true,
    label,
    note: note ?? null,
    scopes: [...scopes],
    packages: [...packages],
    organization,
    addresses,
    uses,
    usesLeft,
    release,
    expiresAt: expires?.toISOString() ?? null,
  }
}
