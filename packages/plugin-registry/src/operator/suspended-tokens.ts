import {operator, type RegistryStore, type SuspendedToken} from '../server/store/store.js'
import {failure} from './failures.js'

/** A token suspended by a restore. */
export interface SuspendedTokenSummary {
  id: string
  label: string
  /** Username of the owner. */
  user: string
  /** @format date-time */
  suspendedAt: string
}

/** Which tokens to resume: all, a user's, or those with these ids. */
export interface ResumeSelection {
  all: boolean
  user: string | undefined
  ids: readonly string[]
}

export function suspendedTokenSummary({id, label, username, suspendedAt}: SuspendedToken): SuspendedTokenSummary {
  return {id, label, user: username, suspendedAt: new Date(suspendedAt).toISOString()}
}

/** @throws {ApkgError} `INPUT_MISSING` or `USAGE` unless exactly one way to select tokens is used */
export function assertSelection({all, user, ids}: ResumeSelection): void {
  const ways = [all, user !== undefined, ids.length > 0].filter(Boolean).length
  if (ways === 0) {
    const supply = 'pass IDs, --user or --all'
    throw failure('INPUT_MISSING', {missing: 'No tokens to resume were given', because: false, supply})
  }
  if (ways > 1) throw failure('USAGE', {message: 'Pass only one of token IDs, --user and --all'})
}

/**
 * Resumes suspended tokens.
 *
 * @throws {ApkgError} `TOKEN_NOT_SUSPENDED` if an ID does not belong to a suspended token. Then nothing is resumed.
 */
export async function resumeTokens(
  store: RegistryStore,
  {all, user, ids}: ResumeSelection,
  now: Date,
): Promise<SuspendedTokenSummary[]> {
  const suspended = await store.tokens.suspended()
  const unknown = ids.filter((id) => !suspended.some((token) => token.id === id))
  if (unknown.length > 0) throw failure('TOKEN_NOT_SUSPENDED', {ids: unknown})
  const chosen = suspended.filter(({id, username}) => all || username === user || ids.includes(id))
  const resumed = await store.tokens.resume(
    chosen.map(({id}) => id),
    operator,
    now.getTime(),
  )
  return resumed.map(suspendedTokenSummary)
}
