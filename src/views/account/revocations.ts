import {printable} from '@apkg/command-kit'

import type {Revocation} from '../../account/token/revoke-tokens.js'
import type {Token} from '../../account/token/token.js'

/** The outcome for each token, one per line. */
export function revocationLines(revocations: readonly Revocation[]): string {
  if (revocations.length === 0) return 'Nothing was revoked.'
  return revocations
    .map(({label, id, argument, status, reason = ''}) => {
      if (label === null || id === null) return `${outcomes[status]}: ${printable(argument ?? '')}`
      const why = reason === '' ? '' : `: ${printable(reason)}`
      return `${outcomes[status]}: ${printable(label)} (${printable(id)})${why}`
    })
    .join('\n')
}

/** @param count how many values were sent. */
export function reportedValues(count: number): string {
  if (count === 1) return 'Sent 1 value. If it is valid there, it is revoked.'
  return `Sent ${count} values. Any that are valid there are revoked.`
}

const outcomes: Record<Revocation['status'], string> = {
  revoked: 'Revoked API token',
  'not-found': 'Token not found',
  failed: 'Not revoked',
  unknown: 'May not have been revoked',
}

/** The tokens, as choices of a prompt. */
export function tokenChoices(tokens: readonly Token[]): {name: string; value: Token}[] {
  return tokens.map((token) => {
    const {label, id, prefix, createdAt} = token
    return {name: printable(`${label}  ${id}  ${prefix ?? ''}  created ${createdAt.slice(0, 10)}`), value: token}
  })
}
