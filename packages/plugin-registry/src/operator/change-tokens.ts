import {type ExitCode, exitCodes, failure as usage, isInteractive, type Ports, printable} from '@apkg/command-kit'
import {minIdPrefixLength} from '@apkg/wire'
import {Flags} from '@oclif/core'

import {operator, type RegistryStore, type TokenRecord} from '../server/store/store.js'
import {confirm} from './confirm.js'
import {failure} from './failures.js'
import type {OwnedTokenSummary} from './owned-token.js'
import {type SelectedToken, selectTokens} from './select-tokens.js'
import {hasFilter, matchesFilters, tokenFilterFlags} from './token-filters.js'
import {findHolder} from './with-store.js'
import {yesFlag} from './flags.js'

/** The flags that select tokens by something other than their ID. */
export const selectionFlags = {
  ...tokenFilterFlags,
  all: Flags.boolean({summary: 'Select all active and suspended tokens.', default: false, helpGroup: 'FILTER'}),
  'dry-run': Flags.boolean({summary: 'List the tokens without changing them.', default: false}),
  ...yesFlag,
}

/** The outcome for a token, or for an ID that matches none. */
export interface TokenOutcome {
  /** Null if no token was found. */
  id: string | null
  /** Null if no token was found. */
  label: string | null
  /**
   * Username of the owner or, for a token of an organization, of the user who created it. Null if no token was found.
   */
  user: string | null
  /** The organization that the token belongs to; null if it belongs to the user. */
  organization: string | null
  /** The ID that no token was found for. Absent for a token. */
  argument?: string
  /**
   * `already`: the token had already been revoked or suspended. `planned`: it would be changed without --dry-run. `failed`:
   * it can't be suspended, because it is over.
   */
  status: 'revoked' | 'suspended' | 'already' | 'planned' | 'not-found' | 'failed'
  /** Why it failed. Absent otherwise. */
  reason?: string
}

export type SelectionFlags = Parameters<typeof matchesFilters>[1] & {all: boolean; 'dry-run': boolean; yes?: boolean}

/**
 * Checks that exactly one way to select tokens is used.
 *
 * @throws {ApkgError} `INPUT_MISSING`, `USAGE`
 */
export function assertOneSelection(verb: string, ids: readonly string[], flags: SelectionFlags): void {
  const isByFilter = hasFilter(flags)
  if (!flags.all && !isByFilter && ids.length === 0) {
    const supply = 'pass IDs, filters or --all'
    throw usage('INPUT_MISSING', {missing: `No tokens to ${verb} were given`, because: false, supply})
  }
  if ([flags.all, isByFilter, ids.length > 0].filter(Boolean).length > 1) {
    throw usage('USAGE', {message: 'Pass only one of token IDs, filters and --all'})
  }
}

/**
 * Revokes or suspends the selected tokens, as the operator. Asks first if they were not selected by ID. An unknown ID
 * fails alone.
 *
 * @throws {ApkgError} `OWNED_TOKEN_AMBIGUOUS` for an ID, `OWNED_TOKEN_NOT_FOUND` if no ID matches, `OWNED_TOKEN_OVER` for a
 *   single token: nothing was changed; `CANCELED`, `USER_NOT_FOUND`, `ORG_NOT_FOUND`
 */
export async function changeTokens(
  store: RegistryStore,
  verb: 'revoke' | 'suspend',
  {ids, flags, reason = null}: {ids: readonly string[]; flags: SelectionFlags; reason?: string | null},
  ports: Ports,
): Promise<TokenOutcome[]> {
  const now = ports.now()
  const holder = await findHolder(store, flags)
  const {found: chosen, unmatched} =
    ids.length > 0
      ? withIds(ids, await selectTokens(store, holder, now, ({id}) => ids.some((start) => id.startsWith(start))))
      : {
          found: await selectTokens(store, holder, now, (each) => isLive(each) && matchesFilters(each, flags, now)),
          unmatched: [],
        }
  if (ids.length === 0 && !flags['dry-run'] && chosen.length > 0)
    await assertConfirmed(verb, chosen.length, flags, ports)
  const [only, ...others] = chosen
  if (verb === 'suspend' && only && others.length + unmatched.length === 0 && !isLive(only.summary)) {
    throw failure('OWNED_TOKEN_OVER', {label: printable(only.token.label), state: only.summary.status})
  }
  const outcomes: TokenOutcome[] = []
  for (const {token, summary} of chosen) {
    const {id, label, user, organization} = summary
    const status = flags['dry-run'] ? planned(verb, summary) : await change(store, verb, token, reason, now.getTime())
    outcomes.push({id, label, user, organization, ...status})
  }
  return [...outcomes, ...unmatched.map(notFound)]
}

function notFound(argument: string): TokenOutcome {
  return {id: null, label: null, user: null, organization: null, argument, status: 'not-found'}
}

/** 0 if everything was done, 6 if some of it was, 1 if nothing was. */
export function exitCodeOf(outcomes: readonly TokenOutcome[]): ExitCode {
  const failed = outcomes.filter(({status}) => status === 'not-found' || status === 'failed')
  if (failed.length === 0) return exitCodes.done
  return failed.length === outcomes.length ? exitCodes.failed : exitCodes.partial
}

/**
 * Finds tokens by their IDs, or by unique prefixes of them.
 *
 * @returns each token once, in the order of the IDs, and the IDs that match none
 * @throws {ApkgError} `OWNED_TOKEN_AMBIGUOUS`; `OWNED_TOKEN_NOT_FOUND` if no ID matches
 */
function withIds(
  ids: readonly string[],
  tokens: readonly SelectedToken[],
): {found: SelectedToken[]; unmatched: string[]} {
  const matches = [...new Set(ids)].map((id) => ({id, found: matchesOf(id, tokens, ({token}) => token.id)}))
  const ambiguous = matches.find(({found}) => found.length > 1)
  if (ambiguous) throw failure('OWNED_TOKEN_AMBIGUOUS', {id: printable(ambiguous.id)})
  const unmatched = matches.filter(({found}) => found.length === 0).map(({id}) => id)
  if (unmatched.length === matches.length) {
    throw failure('OWNED_TOKEN_NOT_FOUND', {id: printable(unmatched.join(', '))})
  }
  return {found: [...new Set(matches.flatMap(({found}) => found))], unmatched}
}

/** Items with an ID or, if none has it, with IDs that start with it. */
export function matchesOf<Item>(id: string, items: readonly Item[], idOf: (item: Item) => string): Item[] {
  const exact = items.filter((item) => idOf(item) === id)
  if (exact.length > 0 || id.length < minIdPrefixLength) return exact
  return items.filter((item) => idOf(item).startsWith(id))
}

const verbs = {
  revoke: {question: 'Revoke', action: 'Revoking tokens'},
  suspend: {question: 'Suspend', action: 'Suspending tokens'},
  resume: {question: 'Resume', action: 'Resuming tokens'},
}

/**
 * Asks before tokens are changed that were not selected by ID.
 *
 * @throws {ApkgError} `INPUT_MISSING`, `CANCELED`
 */
export async function assertConfirmed(
  verb: keyof typeof verbs,
  count: number,
  flags: {yes?: boolean},
  ports: Ports,
): Promise<void> {
  const {action} = verbs[verb]
  const question = `${verbs[verb].question} ${count === 1 ? '1 token' : `${count} tokens`}?`
  if (!flags.yes && !isInteractive(ports)) {
    throw usage('INPUT_MISSING', {
      missing: `${action} was not confirmed`,
      supply: 'add --yes, or --dry-run to list them',
    })
  }
  await confirm(question, {isAgreed: flags.yes === true, action}, ports)
}

export function isLive({status}: Pick<OwnedTokenSummary, 'status'>): boolean {
  return status === 'active' || status === 'suspended'
}

type Status = Pick<TokenOutcome, 'status' | 'reason'>

function planned(verb: 'revoke' | 'suspend', summary: OwnedTokenSummary): Status {
  const {status, suspensions} = summary
  if (verb === 'suspend' && !isLive(summary)) return isOver(status)
  const isDone = verb === 'revoke' ? status === 'revoked' : suspensions.some(({by}) => by === 'operator')
  return {status: isDone ? 'already' : 'planned'}
}

function isOver(state: string): Status {
  return {status: 'failed', reason: `the token is ${state}`}
}

async function change(
  store: RegistryStore,
  verb: 'revoke' | 'suspend',
  {id, revokedAt}: TokenRecord,
  reason: string | null,
  now: number,
): Promise<Status> {
  if (verb === 'revoke') {
    if (revokedAt !== null) return {status: 'already'}
    const revocation = await store.tokens.revoke({id, within: {kind: 'itself', tokenId: id}}, operator, now)
    return revocation === 'revoked' ? {status: 'revoked'} : removed
  }
  const result = await store.tokens.suspend({id}, {by: 'operator', reason}, operator, now)
  switch (result.outcome) {
    case 'suspended':
      return {status: 'suspended'}
    case 'unchanged':
      return {status: 'already'}
    case 'unknown':
      return removed
    case 'over':
      return isOver(result.state)
  }
}

const removed: Status = {status: 'failed', reason: 'the token was removed in the meantime'}
