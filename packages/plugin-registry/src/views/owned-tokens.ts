import {printable, success, timesOn, type Screen} from '@apkg/command-kit'
import {table} from '@apkg/command-kit/table'

import type {OwnedTokenSummary} from '../operator/owned-token.js'
import type {TokenOutcome} from '../operator/change-tokens.js'
import {onSamePlace} from '../operator/on-same-place.js'

/** Whom a token belongs to, as in `acme (created by ada)`. */
export function holderOf({user, organization}: {user: string; organization: string | null}): string {
  return organization === null ? user : `${organization} (created by ${user})`
}

/** A row per token: owner, label, ID, value, scopes, status, creation, last use, expiry, who suspended it. */
export function ownedTokens(tokens: readonly OwnedTokenSummary[], screen: Screen, now: Date): string {
  const time = timesOn(screen, now)
  const rows = tokens.map((token) => {
    const {label, id, scopes, status, createdAt, lastUsedAt, expiresAt, suspensions} = token
    const prefix = token.valueEndedAt === null ? token.prefix : '-'
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

/** Warns about active tokens whose only value has ended. @returns no text or one. */
export function valuelessTokens(tokens: readonly OwnedTokenSummary[]): string[] {
  const found = tokens.filter(({status, valueEndedAt}) => status === 'active' && valueEndedAt !== null)
  if (found.length === 0) return []
  const names = found.map((token) => `${token.label} (${token.id}) of ${holderOf(token)}`)
  return [printable(`No working value until the owner rotates the token: ${names.join(', ')}`)]
}

const words = {
  revoke: {already: 'Already revoked', planned: 'Would revoke', failed: 'Not revoked'},
  suspend: {already: 'Already suspended', planned: 'Would suspend', failed: 'Not suspended'},
} satisfies Record<string, Partial<Record<TokenOutcome['status'], string>>>

const done = {revoked: 'Revoked', suspended: 'Suspended'}

/**
 * The outcome for each token, one per line.
 *
 * @param place where the data is, for the hint.
 */
export function tokenOutcomes(
  outcomes: readonly TokenOutcome[],
  verb: keyof typeof words,
  place: Parameters<typeof onSamePlace>[1],
): string {
  if (outcomes.length === 0) return 'No tokens match. Nothing was changed.'
  const isPlan = outcomes.some(({status}) => status === 'planned')
  const isMissing = outcomes.some(({status}) => status === 'not-found')
  return [
    ...outcomes.map((outcome) => outcomeLine(outcome, verb)),
    ...(isMissing ? [`  hint: ${onSamePlace('run `apkg registry token list --ended` to find its ID', place)}`] : []),
    ...(isPlan ? ['Dry run: nothing was changed.'] : []),
  ].join('\n')
}

function outcomeLine(
  {id, label, user, organization, argument, status, reason}: TokenOutcome,
  verb: keyof typeof words,
) {
  if (status === 'not-found' || user === null) return printable(`Token not found: ${argument ?? ''}`)
  const subject = `${label} (${id}) of ${holderOf({user, organization})}${reason === undefined ? '' : `: ${reason}`}`
  if (status === 'revoked' || status === 'suspended') return success(printable(`${done[status]}: ${subject}`))
  return printable(`${words[verb][status]}: ${subject}`)
}
