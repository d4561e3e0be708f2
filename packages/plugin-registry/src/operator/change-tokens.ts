import {failure as usage, isInteractive, type Ports, printable} from '@apkg/command-kit'
import {minIdPrefixLength} from '@apkg/wire'
import {Flags} from '@oclif/core'

import {operator, type RegistryStore, type TokenRecord} from '../server/store/store.js'
import {confirm} from './confirm.js'
import {failure} from './failures.js'
import {type OwnedTokenSummary, ownedTokenSummary} from './owned-token.js'
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

/** The outcome for a token. */
export interface TokenOutcome {
  id: string
  label: string
  /** Username of the owner or, for a token of an organization, of the user who created it. */
  user: string
  /** The organization that the token belongs to; null if it belongs to the user. */
  organization: string | null
  /** `already`: the token had already been revoked or suspended. `planned`: it would be changed without --dry-run. */
  status: 'revoked' | 'suspended' | 'already' | 'planned'
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
 * Revokes or suspends the selected tokens, as the operator. Asks first if they were not selected by ID.
 *
 * @throws {ApkgError} `OWNED_TOKEN_NOT_FOUND`, `OWNED_TOKEN_AMBIGUOUS`: nothing was changed; `CANCELED`,
 *   `USER_NOT_FOUND`, `ORG_NOT_FOUND`
 */
export async function changeTokens(
  store: RegistryStore,
  verb: 'revoke' | 'suspend',
  {ids, flags, reason = null}: {ids: readonly string[]; flags: SelectionFlags; reason?: string | null},
  ports: Ports,
): Promise<TokenOutcome[]> {
  const now = ports.now()
  const tokens = await store.tokens.listAll(await findHolder(store, flags))
  const named = tokens.map((token) => ({token, summary: ownedTokenSummary(token, now)}))
  const chosen =
    ids.length > 0
      ? [...new Set(ids)].map((id) => only(id, named))
      : named.filter(({summary}) => isLive(summary) && matchesFilters(summary, flags, now))
  if (ids.length === 0 && !flags['dry-run'] && chosen.length > 0)
    await assertConfirmed(verb, chosen.length, flags, ports)
  const over = verb === 'suspend' ? chosen.find(({summary}) => !isLive(summary)) : undefined
  if (over) throw failure('OWNED_TOKEN_OVER', {label: printable(over.token.label), state: over.summary.status})
  const outcomes: TokenOutcome[] = []
  for (const {token, summary} of chosen) {
    const status = flags['dry-run'] ? planned(verb, summary) : await change(store, verb, token, reason, now.getTime())
    const {id, label, user, organization} = summary
    outcomes.push({id, label, user, organization, status})
  }
  return outcomes
}

interface Named {
  token: TokenRecord
  summary: OwnedTokenSummary
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

function only(id: string, tokens: readonly Named[]): Named {
  const exact = tokens.filter(({token}) => token.id === id)
  const starting = id.length < minIdPrefixLength ? [] : tokens.filter(({token}) => token.id.startsWith(id))
  const [found, ...others] = exact.length > 0 ? exact : starting
  if (!found) throw failure('OWNED_TOKEN_NOT_FOUND', {id: printable(id)})
  if (others.length > 0) throw failure('OWNED_TOKEN_AMBIGUOUS', {id: printable(id)})
  return found
}

export function isLive({status}: Pick<OwnedTokenSummary, 'status'>): boolean {
  return status === 'active' || status === 'suspended'
}

function planned(verb: 'revoke' | 'suspend', {status, suspensions}: OwnedTokenSummary): TokenOutcome['status'] {
  const isDone = verb === 'revoke' ? status === 'revoked' : suspensions.some(({by}) => by === 'operator')
  return isDone ? 'already' : 'planned'
}

async function change(
  store: RegistryStore,
  verb: 'revoke' | 'suspend',
  {id, label, revokedAt}: TokenRecord,
  reason: string | null,
  now: number,
): Promise<TokenOutcome['status']> {
  if (verb === 'revoke') {
    if (revokedAt !== null) return 'already'
    const revocation = await store.tokens.revoke({id, within: {kind: 'itself', tokenId: id}}, operator, now)
    if (revocation !== 'revoked') throw failure('OWNED_TOKEN_NOT_FOUND', {id: printable(id)})
    return 'revoked'
  }
  const result = await store.tokens.suspend({id}, {by: 'operator', reason}, operator, now)
  switch (result.outcome) {
    case 'suspended':
      return 'suspended'
    case 'unchanged':
      return 'already'
    case 'unknown':
      throw failure('OWNED_TOKEN_NOT_FOUND', {id: printable(id)})
    case 'over':
      throw failure('OWNED_TOKEN_OVER', {label: printable(label), state: result.state})
  }
}
