import type {Ports} from '@apkg/command-kit'

import {operator, operatorSuspensions, type RegistryStore, type SuspendedToken} from '../server/store/store.js'
import {assertConfirmed, type SelectionFlags} from './change-tokens.js'
import {failure} from './failures.js'
import {ownedTokenSummary} from './owned-token.js'
import {matchesFilters} from './token-filters.js'
import {findHolder} from './with-store.js'

/** A token suspended by a restore. */
export interface SuspendedTokenSummary {
  id: string
  label: string
  /** Username of the owner or, for a token of an organization, of the user who created it. */
  user: string
  /** The organization that the token belongs to; null if it belongs to the user. */
  organization: string | null
  /** @format date-time */
  suspendedAt: string
}

/** The tokens to resume: all, those that match filters, or those with certain IDs. */
export interface ResumeSelection {
  ids: readonly string[]
  flags: SelectionFlags
}

export function suspendedTokenSummary({
  id,
  label,
  createdBy,
  organization,
  suspendedAt,
}: SuspendedToken): SuspendedTokenSummary {
  return {id, label, user: createdBy, organization, suspendedAt: new Date(suspendedAt).toISOString()}
}

/**
 * Resumes suspended tokens. Asks first if they were not selected by ID. With `--dry-run`, changes nothing.
 *
 * @returns the tokens that were resumed, or would be
 * @throws {ApkgError} `TOKEN_NOT_SUSPENDED` if an ID does not belong to a suspended token, `CANCELED`: nothing was
 *   resumed; `USER_NOT_FOUND`, `ORG_NOT_FOUND`
 */
export async function resumeTokens(
  store: RegistryStore,
  {ids, flags}: ResumeSelection,
  ports: Ports,
): Promise<SuspendedTokenSummary[]> {
  const now = ports.now()
  const suspended = await store.tokens.suspended(operatorSuspensions)
  const unknown = ids.filter((id) => !suspended.some((token) => token.id === id))
  if (unknown.length > 0) throw failure('TOKEN_NOT_SUSPENDED', {ids: unknown})
  const tokens = await store.tokens.listAll(await findHolder(store, flags))
  const matching = tokens
    .map((token) => ownedTokenSummary(token, now))
    .filter((each) => matchesFilters(each, flags, now))
  const wanted = ids.length > 0 ? ids : matching.map(({id}) => id)
  const chosen = suspended.filter(({id}) => wanted.includes(id))
  if (flags['dry-run']) return chosen.map(suspendedTokenSummary)
  if (ids.length === 0 && chosen.length > 0) await assertConfirmed('resume', chosen.length, flags, ports)
  for (const {id} of chosen) {
    await store.tokens.resume({id}, {makers: operatorSuspensions}, operator, now.getTime())
  }
  return chosen.map(suspendedTokenSummary)
}
