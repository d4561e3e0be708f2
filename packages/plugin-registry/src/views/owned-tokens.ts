import {printable, success, timesOn, type Screen} from '@apkg/command-kit'
import {table} from '@apkg/command-kit/table'

import type {OwnedTokenSummary} from '../operator/owned-token.js'
import type {TokenOutcome} from '../operator/change-tokens.js'

/** Whom a token belongs to, as in `acme (created by ada)`. */
export function holderOf({user, organization}: {user: string; organization: string | null}): string {
  return organization === null ? user : `${organization} (created by ${user})`
}

/** A row per token: owner, label, ID, value, scopes, status, creation, last use, expiry, who suspended it. */
export function ownedTokens(tokens: readonly OwnedTokenSummary[], screen: Screen, now: Date): string {
  const time = timesOn(screen, now)
  const rows = tokens.map((token) => {
    const {label, id, scopes, createdAt, lastUsedAt, expiresAt, suspensions} = token
    const [prefix, status] = shownValue(token)
    const used = lastUsedAt === null ? 'never' : time(lastUsedAt)
    const expires = expiresAt === null ? 'never' : time(expiresAt)
    const by = suspensions.map((each) => each.by).join(',') || '-'
    return [holderOf(token), label, id, prefix, scopes.join(','), status, time(createdAt), used, expires, by].map(
      printable,
    )
  })
  const titles = [
    'OWNER',
    'LABEL',
    'ID',
    'PREFIX',
    'SCOPES',
    'STATUS',
    'CREATED',
    'LAST USED',
    'EXPIRES',
    'SUSPENDED BY',
  ]
  return table(titles, rows, screen, ['SUSPENDED BY', 'PREFIX', 'CREATED', 'SCOPES', 'LAST USED'])
}

/** The prefix and status of a token. If its only value has ended, that is said instead. */
function shownValue({prefix, status, valueEndedAt}: OwnedTokenSummary): [prefix: string, status: string] {
  return status === 'active' && valueEndedAt !== null ? ['-', 'no value'] : [prefix, status]
}

const words = {
  revoke: {revoked: 'Revoked', suspended: 'Suspended', already: 'Already revoked', planned: 'Would revoke'},
  suspend: {revoked: 'Revoked', suspended: 'Suspended', already: 'Already suspended', planned: 'Would suspend'},
} satisfies Record<string, Record<TokenOutcome['status'], string>>

/** The outcome for each token, one per line. */
export function tokenOutcomes(outcomes: readonly TokenOutcome[], verb: keyof typeof words): string {
  if (outcomes.length === 0) return 'No tokens match. Nothing was changed.'
  const isPlan = outcomes.some(({status}) => status === 'planned')
  const lines = outcomes.map((outcome) => {
    const {id, label, status} = outcome
    const line = printable(`${words[verb][status]}: ${label} (${id}) of ${holderOf(outcome)}`)
    return status === 'revoked' || status === 'suspended' ? success(line) : line
  })
  return [...lines, ...(isPlan ? ['Dry run: nothing was changed.'] : [])].join('\n')
}
