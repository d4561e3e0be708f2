import {printable} from '@apkg/command-kit'

import type {IdentifiedTokenSummary} from '../operator/identify-token.js'
import {holderOf} from './owned-tokens.js'

/** The token that a value belongs to, one fact per line. */
export function identifiedToken(token: IdentifiedTokenSummary): string {
  const {label, id, isOwnerDisabled, status, value, valueEndsAt, lastUsedAt, expiresAt} = token
  const facts: [string, string][] = [
    ['Token', `${label} (${id})`],
    ['Owner', isOwnerDisabled ? `${holderOf(token)} (disabled)` : holderOf(token)],
    ['Status', status],
    ['Value', valueEndsAt === null ? value : `${value}, ${value === 'ended' ? 'at' : 'until'} ${valueEndsAt}`],
    ['Last used', lastUsedAt ?? 'never'],
    ['Expires', expiresAt ?? 'never'],
  ]
  return facts.map(([name, text]) => `${name.padEnd('Last used'.length)}  ${printable(text)}\n`).join('')
}
