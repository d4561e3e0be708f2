import {type Ports, printable} from '@apkg/command-kit'

import {operator, operatorSuspensions, type RegistryStore, type SuspendedToken} from '../server/store/store.js'
import {assertConfirmed, matchesOf, type SelectionFlags} from './change-tokens.js'
import {failure} from './failures.js'
import {selectTokens} from './select-tokens.js'
import {matchesFilters} from './token-filters.js'
import {findHolder} from './with-store.js'

/** A token that the operator, a policy or a restore suspended. */
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

/** The outcome of resuming tokens. */
export interface Resumption {
  /** The tokens that were resumed, or would be. */
  tokens: SuspendedTokenSummary[]
  /** The IDs that match no token that is suspended by the operator. */
  notSuspended: string[]
}

/**
 * Resumes suspended tokens. Asks first if they were not selected by ID. An ID that matches none fails alone. With
 * `--dry-run`, changes nothing.
 *
 * @throws {ApkgError} `TOKEN_NOT_SUSPENDED` if no ID belongs to a suspended token, `OWNED_TOKEN_AMBIGUOUS`, `CANCELED`:
 *   nothing was resumed; `USER_NOT_FOUND`, `ORG_NOT_FOUND`
 */
export async function resumeTokens(
  store: RegistryStore,
  {ids, flags}: ResumeSelection,
  ports: Ports,
): Promise<Resumption> {
  const now = ports.now()
  const suspended = await store.tokens.suspended(operatorSuspensions)
  const named = [...new Set(ids)].map((id) => ({id, found: matchesOf(id, suspended, (token) => token.id)}))
  const ambiguous = named.find(({found}) => found.length > 1)
  if (ambiguous) throw failure('OWNED_TOKEN_AMBIGUOUS', {id: printable(ambiguous.id)})
  const notSuspended = named.filter(({found}) => found.length === 0).map(({id}) => id)
  if (ids.length > 0 && notSuspended.length === named.length) {
    throw failure('TOKEN_NOT_SUSPENDED', {ids: notSuspended.map(printable)})
  }
  const holder = await findHolder(store, flags)
  const wanted =
    ids.length > 0
      ? named.flatMap(({found}) => found.map(({id}) => id))
      : (await selectTokens(store, holder, now, (each) => matchesFilters(each, flags, now))).map(({token}) => token.id)
  const isWanted = new Set(wanted)
  const chosen = suspended.filter(({id}) => isWanted.has(id))
  const resumption = {tokens: chosen.map(suspendedTokenSummary), notSuspended}
  if (flags['dry-run']) return resumption
  if (ids.length === 0 && chosen.length > 0) await assertConfirmed('resume', chosen.length, flags, ports)
  for (const {id} of chosen) {
    await store.tokens.resume({id}, {makers: operatorSuspensions}, operator, now.getTime())
  }
  return resumption
}
